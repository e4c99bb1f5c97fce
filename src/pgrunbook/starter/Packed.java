package pgrunbook.starter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.JarFile;

/** This repository's own files that others get a copy of; they are packed with the classes. */
final class Packed {
  private static final String ROOT = "starter/";

  private Packed() {}

  /** A file's text. */
  static String text(String name) {
    try (var in = Packed.class.getClassLoader().getResourceAsStream(ROOT + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The runbooks, sorted by name. */
  static List<RunbookText> runbooks() {
    return names("runbooks/").stream()
        .filter(name -> name.matches("[^/]+\\.yaml"))
        .sorted()
        .map(name -> new RunbookText(name.replace(".yaml", ""), text("runbooks/" + name)))
        .toList();
  }

  /** The launchers' files, sorted. */
  static List<String> launchers() {
    return names("scripts/").stream().filter(name -> name.endsWith(".java")).sorted().toList();
  }

  /** The jar that this program runs from; nothing where its classes lie in a folder. */
  static Optional<Path> jar() {
    return Optional.of(origin()).filter(Files::isRegularFile);
  }

  /** A folder of a class path can't be listed; what this very class was loaded from can. */
  private static Path origin() {
    try {
      var source = Packed.class.getProtectionDomain().getCodeSource();
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> names(String folder) {
    var origin = origin();
    try {
      return Files.isDirectory(origin)
          ? inFolder(origin.resolve(ROOT + folder))
          : inJar(origin, ROOT + folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> inFolder(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static List<String> inJar(Path jar, String prefix) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      return file.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(prefix))
          .map(name -> name.substring(prefix.length()))
          .toList();
    }
  }
}
