package pgrunbook.cli;

import java.util.Optional;
import pgrunbook.process.ChildCommand;
import pgrunbook.text.Masking;
import pgrunbook.text.Refused;

/** Asks for the name of the database before something destructive: no habit types that. */
final class Confirmation {
  private Confirmation() {}

  /**
   * Comes back where the name was given.
   *
   * @throws Refused where another name was given, or none
   */
  static void ask(Context context, String database, Optional<String> given) {
    var answer = given.orElseGet(() -> asked(context, database));
    if (!answer.equals(database)) {
      throw new Refused(
          given.isPresent() || context.terminal()
              ? "'" + answer + "' is not the name of the database"
              : "nobody is there to confirm what is destructive here, in " + database,
          "nothing was changed; to go on: "
              + ChildCommand.of("--confirm", database).shown(Masking.NONE));
    }
  }

  private static String asked(Context context, String database) {
    if (!context.terminal()) {
      return "";
    }
    context
        .out()
        .print("this is destructive; to go on, type the name of the database (" + database + "): ");
    context.out().flush();
    return Terminal.readLine().orElse("").strip();
  }
}
