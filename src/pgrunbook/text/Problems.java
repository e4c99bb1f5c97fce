package pgrunbook.text;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Collects problems, so that a file's mistakes are reported all at once. */
public final class Problems {
  /** Nobody reads more of them, and a hostile file can hold a hundred thousand. */
  private static final int MOST = 1000;

  private static final Problem MORE =
      Problem.of("there are more than " + MOST + " problems", "mend these first");

  private final Set<Problem> found = new LinkedHashSet<>();

  public void add(Problem problem) {
    if (found.size() < MOST) {
      found.add(problem);
    } else if (!found.contains(problem)) {
      found.add(MORE);
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
      throw new InvalidInput(list());
    }
  }
}
