package pgrunbook.postgres;

import java.io.IOException;
import pgrunbook.text.Problem;

/** A server that can't be reached, by somebody who knows why and what to do. */
public final class Unreachable extends IOException {
  private static final long serialVersionUID = 1;
  private final transient Problem problem;

  public Unreachable(Problem problem) {
    super(problem.what());
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
