package pgrunbook.compose;

import java.util.List;
import pgrunbook.process.ChildCommand;

/** An environment's Compose project, as its own commands see it. */
public interface ComposeView {
  /** The services of the Compose file, those of inactive profiles left out. */
  List<String> services();

  /** The service that PostgreSQL runs in. */
  String postgresService();

  /** <code>docker compose</code> with the project's options and those arguments. */
  ChildCommand command(List<String> arguments);

  /** Says that a command was run: what was seen before does not hold any more. */
  default void changed() {}

  /** Whether nothing real is behind it: its commands are shown, and not run. */
  boolean simulated();
}
