package pgrunbook.cli;

/** How the operator calls this program, for commands in hints. */
final class Called {
  private Called() {}

  static String by(String command) {
    return System.getProperty("pgrunbook.command", "jbang runbook") + " " + command;
  }
}
