package pgrunbook.yaml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder whose YAML files are known by their names. */
public final class YamlFolder {
  private static final String SUFFIX = ".yaml";

  private YamlFolder() {}

  /**
   * The names of the YAML files in it, sorted, without <code>.yaml</code>; none where it is
   * missing.
   */
  public static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How a file is called in messages: relative to the project where it lies in it. */
  public static String shown(Path project, Path file) {
    var root = project.toAbsolutePath().normalize();
    var absolute = file.toAbsolutePath().normalize();
    return absolute.startsWith(root) ? root.relativize(absolute).toString() : file.toString();
  }
}
