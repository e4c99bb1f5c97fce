package pgrunbook.expression;

import pgrunbook.text.Problem;

/** Ends the parsing of one expression; never leaves the package. */
final class SyntaxError extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient Problem problem;
  private final int offset;

  SyntaxError(Problem problem, int offset) {
    super(problem.what(), null, false, false);
    this.problem = problem;
    this.offset = offset;
  }

  Problem problem() {
    return problem;
  }

  int offset() {
    return offset;
  }
}
