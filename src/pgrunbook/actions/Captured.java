package pgrunbook.actions;

import pgrunbook.action.Act;
import pgrunbook.action.StepFailed;

/** Keeps what a program prints for later steps, up to a limit. */
final class Captured {
  /** A value that the journal keeps and expressions use is no place for more. */
  static final int LONGEST = 64 * 1024;

  private final boolean wanted;
  private final StringBuilder text = new StringBuilder();
  private boolean tooLong;
  private String last = "";

  Captured(boolean wanted) {
    this.wanted = wanted;
  }

  synchronized void add(String line) {
    last = line;
    if (!wanted || tooLong) {
      return;
    }
    tooLong = text.length() + line.length() + 1 > LONGEST;
    if (!tooLong) {
      text.append(line).append('\n');
    }
  }

  /** The line printed last, wanted or not; not masked. */
  synchronized String lastLine() {
    return last;
  }

  /** All of it, masked: a part would be a wrong value. */
  synchronized String text(Act act) throws StepFailed {
    if (tooLong) {
      throw new StepFailed(
          "the program succeeded, but printed more than the 64 KB that can be given to later steps",
          "let it write a file, or set output: none");
    }
    return act.masking().mask(text.toString());
  }
}
