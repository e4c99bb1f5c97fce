package pgrunbook.testing;

import pgrunbook.cli.Runbooks;

/** The program in a process of its own, as a launcher starts it. */
public final class ChildMain {
  private ChildMain() {}

  public static void main(String[] args) {
    System.exit(Runbooks.launch(args));
  }
}
