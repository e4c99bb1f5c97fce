package pgrunbook.text;

import java.util.List;
import java.util.stream.Collectors;

/** A guard said no before anything was changed; a command that meets this ends with exit code 3. */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient List<Problem> problems;

  public Refused(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public Refused(String what, String hint) {
    this(List.of(Problem.of(what, hint)));
  }

  public List<Problem> problems() {
    return problems;
  }
}
