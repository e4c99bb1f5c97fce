package pgrunbook.service;

import pgrunbook.text.Problem;

/** A service or the maintenance mode did not get into the state that was asked for. */
public final class ServiceFailed extends Exception {
  private static final long serialVersionUID = 1;
  private final transient Problem problem;

  public ServiceFailed(String what, String hint) {
    this(Problem.of(what, hint));
  }

  public ServiceFailed(Problem problem) {
    super(problem.toString());
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
