package pgrunbook.cli;

import java.util.Optional;
import pgrunbook.text.Refused;

/** Asks for the name of a database that is going to be replaced. */
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
              : "nobody is there to confirm that " + database + " may be replaced",
          "nothing was changed; to go on: --confirm " + database);
    }
  }

  private static String asked(Context context, String database) {
    if (!context.terminal()) {
      return "";
    }
    context.out().print("this replaces the database; type its name (" + database + "): ");
    context.out().flush();
    return Terminal.readLine().orElse("").strip();
  }
}
