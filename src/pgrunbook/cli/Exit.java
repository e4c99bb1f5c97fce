package pgrunbook.cli;

import pgrunbook.engine.Outcome;

/** The exit codes; scripts rely on them. */
final class Exit {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int REFUSED = 3;
  static final int UNDECIDED = 4;
  static final int INTERRUPTED = 130;

  private Exit() {}

  static int of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Completed _ -> DONE;
      case Outcome.Failed _ -> FAILED;
      case Outcome.Denied _ -> REFUSED;
      case Outcome.Undecided _ -> UNDECIDED;
      case Outcome.Interrupted _ -> INTERRUPTED;
    };
  }
}
