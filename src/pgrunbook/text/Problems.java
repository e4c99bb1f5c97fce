package pgrunbook.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Collects problems, so that a file's mistakes are reported all at once. */
public final class Problems {
  private final List<Problem> found = new ArrayList<>();

  public void add(Problem problem) {
    if (!found.contains(problem)) {
      found.add(problem);
    }
  }

  public void add(Place at, String what) {
    add(new Problem(at, what, Optional.empty()));
  }

  public void add(Place at, String what, String hint) {
    add(new Problem(at, what, Optional.of(hint)));
  }

  public void addAll(Iterable<Problem> problems) {
    problems.forEach(this::add);
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  public List<Problem> list() {
    return List.copyOf(found);
  }

  /** What was found, in the order of the files and lines that it is about. */
  public List<Problem> inOrder() {
    return found.stream()
        .sorted(
            Comparator.comparing((Problem problem) -> problem.at().file())
                .thenComparingInt(problem -> problem.at().line())
                .thenComparingInt(problem -> problem.at().column()))
        .toList();
  }

  /** Throws what was found, if anything was. */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidInput(found);
    }
  }
}
