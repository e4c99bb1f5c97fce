package pgrunbook.migration;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/**
 * The files for Flyway, as they were read: one that is changed between the look and the run is
 * refused.
 */
record FlywayFiles(Migrations files) implements ResourceProvider {
  private static final String SETTINGS = ".conf";

  /** So many bytes Flyway may keep, as statements. */
  private static final long KEPT = 1 << 20;

  @Override
  public @Nullable LoadableResource getResource(String name) {
    if (!name.endsWith(SETTINGS)) {
      return null;
    }
    var script = name.substring(name.lastIndexOf('/') + 1, name.length() - SETTINGS.length());
    Optional<LoadableResource> found =
        files.all().stream()
            .filter(it -> it.script().equals(script))
            .flatMap(it -> it.settings().stream())
            .<LoadableResource>map(text -> new Settings(files, script + SETTINGS, text))
            .findFirst();
    return found.orElse(null);
  }

  @Override
  public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
    if (!prefix.equals("V")) {
      return List.of();
    }
    return files.all().stream().<LoadableResource>map(it -> new Sql(files, it)).toList();
  }

  private abstract static class Resource extends LoadableResource {
    private final Migrations files;
    private final String name;

    Resource(Migrations files, String name) {
      this.files = files;
      this.name = name;
    }

    @Override
    public String getAbsolutePath() {
      return files.folder().resolve(name).toString();
    }

    @Override
    public String getAbsolutePathOnDisk() {
      return getAbsolutePath();
    }

    @Override
    public String getFilename() {
      return name;
    }

    @Override
    public String getRelativePath() {
      return name;
    }
  }

  /** The settings of one. */
  private static final class Settings extends Resource {
    private final String text;

    Settings(Migrations files, String name, String text) {
      super(files, name);
      this.text = text;
    }

    @Override
    public Reader read() {
      return new StringReader(text);
    }
  }

  /** One of them. */
  private static final class Sql extends Resource {
    private final SqlFile sql;

    Sql(Migrations files, Migration migration) {
      super(files, migration.script());
      sql = migration.sql();
    }

    @Override
    public Reader read() {
      try {
        return shouldStream() ? sql.reader() : new StringReader(sql.text());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** A large one is read twice, to be parsed and to be run, and not kept. */
    @Override
    public boolean shouldStream() {
      return sql.bytes() > KEPT;
    }
  }
}
