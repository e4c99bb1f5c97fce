package pgrunbook.starter;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** This repository's own launchers, for one that has the engine as a jar and not as sources. */
final class Launcher {
  private static final String FOLDER = "scripts/";
  private static final String JAVA = "//JAVA ";
  private static final String OPTIONS = "//JAVA_OPTIONS ";
  private static final String DEPS = "//DEPS ";

  private Launcher() {}

  /** The libraries that the engine needs. */
  static List<String> libraries() {
    return Packed.text(FOLDER + "runbook.java")
        .lines()
        .filter(line -> line.startsWith(DEPS))
        .map(line -> line.substring(DEPS.length()).strip())
        .toList();
  }

  /** A launcher with what the engine needs in place of this repository's directives and sources. */
  static String of(String file, Engine engine) {
    return Packed.text(FOLDER + file)
        .lines()
        .filter(line -> !line.startsWith("//") || line.startsWith(JAVA) || line.startsWith(OPTIONS))
        .flatMap(line -> line.startsWith(JAVA) ? withEngine(line, engine) : Stream.of(line))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static Stream<String> withEngine(String line, Engine engine) {
    return Stream.concat(
        Stream.of(line), engine.dependencies().stream().map(dependency -> DEPS + dependency));
  }
}
