package pgrunbook.migration;

import java.io.Reader;
import java.io.StringReader;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/** The files as they were read, for Flyway: nobody can change them between the look and the run. */
record FlywayFiles(Migrations files) implements ResourceProvider {
  private static final String SETTINGS = ".conf";

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
            .<LoadableResource>map(text -> new Text(files, script + SETTINGS, text))
            .findFirst();
    return found.orElse(null);
  }

  @Override
  public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
    if (!prefix.equals("V")) {
      return List.of();
    }
    return files.all().stream()
        .<LoadableResource>map(it -> new Text(files, it.script(), it.sql()))
        .toList();
  }

  /** One of them. */
  private static final class Text extends LoadableResource {
    private final Migrations files;
    private final String name;
    private final String text;

    Text(Migrations files, String name, String text) {
      this.files = files;
      this.name = name;
      this.text = text;
    }

    @Override
    public Reader read() {
      return new StringReader(text);
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
}
