package pgrunbook.testing;

import pgrunbook.cli.Runbooks;

/** The program in a process of its own, as a launcher starts it, unless it is to {@link Halt}. */
public final class ChildMain {
  private ChildMain() {}

  public static void main(String[] args) {
    System.exit(Runbooks.launch(args, Halt.asked()));
  }
}
