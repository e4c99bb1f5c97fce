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
import java.util.stream.Stream;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;

/**
 * This repository's own files that others get a copy of. They are packed with the classes, but for
 * the runbooks where JBang has compiled these: it would compile again whenever a runbook is edited.
 */
final class Packed {
  private static final String ROOT = "starter/";
  private static final String RUNBOOKS = "runbooks/";

  /** Only the repository of pgrunbook has it. */
  private static final Path SOURCE = Path.of("src/pgrunbook/starter/Packed.java");

  private Packed() {}

  /** A file's text. */
  static String text(String name) {
    try (var in = Packed.class.getClassLoader().getResourceAsStream(ROOT + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The runbooks, sorted by name.
   *
   * @throws InvalidInput where there are none: neither packed nor around the current folder
   */
  static List<RunbookText> runbooks() {
    var packed = yaml(names(RUNBOOKS)).map(name -> runbook(name, text(RUNBOOKS + name))).toList();
    return packed.isEmpty() ? checkedOut() : packed;
  }

  private static List<RunbookText> checkedOut() {
    var folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isRegularFile(folder.resolve(SOURCE))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new InvalidInput(
          Problem.of(
              "the runbooks to write are not there",
              "start it in the repository of pgrunbook, with --dir for the other one, or from a jar"
                  + " that scripts/jar makes"));
    }
    var runbooks = folder.resolve(RUNBOOKS);
    try {
      return yaml(inFolder(runbooks)).map(name -> runbook(name, read(runbooks, name))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> yaml(List<String> names) {
    return names.stream().filter(name -> name.matches("[^/]+\\.yaml")).sorted();
  }

  private static RunbookText runbook(String file, String text) {
    return new RunbookText(file.replace(".yaml", ""), text);
  }

  private static String read(Path folder, String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
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
