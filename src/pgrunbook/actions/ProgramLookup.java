package pgrunbook.actions;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import pgrunbook.action.Preview;
import pgrunbook.expression.Late;
import pgrunbook.process.ChildCommand;

/** Finds out, before a run, whether a program can be started. */
final class ProgramLookup {
  private ProgramLookup() {}

  static void check(ChildCommand command, Late<String> program, Preview.Builder preview) {
    var folder = command.folder().orElse(Path.of(""));
    if (!Files.isDirectory(folder)) {
      preview.problem("there is no folder " + folder, "'folder' is relative to the project");
      return;
    }
    switch (program) {
      case Late.Pending<String>(var shown, var _) ->
          preview.unknown("whether there is a program " + shown);
      case Late.Known<String>(var name) -> {
        if (!exists(name, folder, path(command))) {
          preview.problem("there is no program '" + name + "'", hint(name));
        }
      }
    }
  }

  private static String path(ChildCommand command) {
    return Optional.ofNullable(command.environment().get("PATH"))
        .or(() -> Optional.ofNullable(System.getenv("PATH")))
        .orElse("/usr/local/bin:/usr/bin:/bin");
  }

  private static String hint(String name) {
    if (name.contains("/")) {
      return "is it there, below the step's folder, and executable?";
    }
    return name.contains(" ")
        ? "write each argument as an item of its own: [" + name.replace(" ", ", ") + "]"
        : "install it, or write its path";
  }

  private static boolean exists(String name, Path folder, String path) {
    var candidates =
        name.contains("/")
            ? Stream.of(folder.resolve(name))
            : Stream.of(path.split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry, name));
    return candidates.anyMatch(file -> Files.isExecutable(file) && !Files.isDirectory(file));
  }
}
