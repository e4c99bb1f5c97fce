package pgrunbook.environment;

import java.nio.file.Path;
import java.util.List;

/** How a site is told that it is under maintenance. */
public sealed interface Maintenance {
  /** A file whose existence means maintenance; its path is absolute. */
  record FlagFile(Path path) implements Maintenance {}

  /** Commands; <code>check</code> ends with 0 where maintenance is on, 3 where it is off. */
  record Commands(List<String> on, List<String> off, List<String> check) implements Maintenance {
    public Commands {
      on = Argv.copyOf("on", on);
      off = Argv.copyOf("off", off);
      check = Argv.copyOf("check", check);
    }
  }
}
