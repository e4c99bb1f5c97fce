package pgrunbook.diagnosis;

import java.util.List;
import java.util.Optional;

/** What the project's runs have left to do, from their journals. */
public interface Runs {
  /** A finding for each run on the environment that owes something, or can't be read. */
  List<Finding> findings(String environment);

  /** The unfinished run that owes that, such as <code>service:backend</code>. */
  Optional<String> owing(String environment, String id);

  /** An unfinished run on the environment that nobody carries on right now. */
  Optional<String> waiting(String environment);

  /** What is known here of a run; it may be one of another folder, or of another machine. */
  Standing standing(String id);

  /** How far a run is. */
  enum Standing {
    /** A process carries it on right now. */
    AT_WORK,
    OPEN,
    OVER,
    NOT_KNOWN_HERE
  }
}
