package pgrunbook.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Neighbours;
import pgrunbook.action.Programs;
import pgrunbook.action.Target;
import pgrunbook.action.World;
import pgrunbook.backup.ArchiveReader;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.plan.TargetFacts;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Children;
import pgrunbook.runbook.Runbook;
import pgrunbook.runbook.Runbooks;
import pgrunbook.service.SimulatedMaintenance;
import pgrunbook.service.SimulatedServices;
import pgrunbook.text.Masking;
import pgrunbook.text.Problems;

/** A world without any server, for tests of planner and engine with {@link FakeAction}s. */
public final class FakeWorld {
  private FakeWorld() {}

  public static World in(Path folder, FakeCluster cluster) {
    return new World(
        target(folder),
        _ -> cluster,
        new SimulatedServices(folder, List.of()),
        new SimulatedMaintenance(folder),
        Optional.empty(),
        Neighbours.NONE,
        _ -> new NoPrograms(),
        new NoArchives(),
        new Children(),
        Masking.NONE);
  }

  public static Target target(Path folder) {
    return new Target(
        "test",
        "shop",
        false,
        folder,
        folder.resolve("backups"),
        MigrationSettings.in(folder),
        Optional.empty());
  }

  /** What a plan finds out about that target. */
  public static TargetFacts facts() {
    return new TargetFacts(
        "test",
        "shop",
        false,
        "PostgreSQL 17.2 at operator@db:5432",
        FakeCluster.SYSTEM_IDENTIFIER,
        "operator",
        "backups",
        Optional.of(16_384L),
        Optional.of(12_000_000L));
  }

  /** The runbook that is written there; a problem in it fails the test. */
  public static Runbook runbook(Path folder, String yaml) {
    try {
      var problems = new Problems();
      var file = Files.writeString(folder.resolve("test.yaml"), yaml);
      var runbook = Runbooks.readFile(file, "test.yaml", problems);
      return runbook.orElseThrow(() -> new AssertionError(problems.list()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class NoPrograms implements Programs {
    @Override
    public ChildCommand command(String program, String database, List<String> arguments) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> seen(Path file) {
      return Optional.of(file.toString());
    }

    @Override
    public Optional<String> seenToWrite(Path file) {
      return Optional.of(file.toString());
    }

    @Override
    public int major(String program) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class NoArchives implements ArchiveReader {
    @Override
    public InputStream plain(Path archive, List<String> options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String tableOfContents(Path archive) {
      throw new UnsupportedOperationException();
    }
  }
}
