package pgrunbook.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** What psql is to run. */
sealed interface PsqlInput {
  /** Some SQL, or a command of psql. */
  record Text(String sql) implements PsqlInput {}

  /** A file of this machine, by the name that was given. */
  record Script(String name) implements PsqlInput {}

  /** What comes in at the standard input. */
  record Stdin() implements PsqlInput {}

  static PsqlInput file(String name) {
    return name.equals("-") ? new Stdin() : new Script(name);
  }

  /** Says what is wrong with a file before anything is asked of a server. */
  default void check(Path folder) {
    if (this instanceof Script(var name)) {
      var file = folder.resolve(name);
      if (!Files.isReadable(file) || Files.isDirectory(file)) {
        throw PsqlCommand.wrong(
            "cannot read the file " + name, "it is looked for in " + folder + ", on this machine");
      }
    }
  }
}
