package pgrunbook.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgrunbook.backup.Verdict;
import pgrunbook.testing.Cli;
import pgrunbook.testing.Databases;
import pgrunbook.testing.Folders;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;

/** On a server of this machine's programs. */
final class Plain implements Place {
  private Optional<TestProject> project = Optional.empty();

  private TestProject project() {
    return project.orElseThrow();
  }

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public void fresh() {
    close();
    try {
      var folder = Files.createTempDirectory("pgrunbook-chaos").toRealPath();
      project = Optional.of(TestProject.in(folder).with(Format.CUSTOM));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Path folder() {
    return project().folder();
  }

  @Override
  public Cli cli() {
    return project().cli();
  }

  @Override
  public String database() {
    return project().database();
  }

  @Override
  public String backup() {
    return Format.CUSTOM.file();
  }

  @Override
  public String content() {
    return Databases.fingerprint(database()).toString();
  }

  @Override
  public boolean isRestored() {
    return project().verdict() instanceof Verdict.Same;
  }

  @Override
  public SortedMap<String, Long> databases() {
    var oids = new TreeMap<String, Long>();
    Databases.of(database()).forEach((name, it) -> oids.put(name, it.oid()));
    return oids;
  }

  @Override
  public List<String> query(String sql) {
    return Databases.column(database(), sql);
  }

  @Override
  public boolean siteIsUp() {
    return project().services().isUp("backend") && !project().inMaintenance();
  }

  @Override
  public List<String> sessions() {
    return Databases.sessions("pgrunbook/");
  }

  @Override
  public void close() {
    project.ifPresent(it -> {
      it.dropDatabases();
      Folders.delete(it.folder());
    });
    project = Optional.empty();
  }
}
