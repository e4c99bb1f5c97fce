package pgrunbook.action;

import java.util.List;
import java.util.Map;

/** Gives a step its look at the world. */
@FunctionalInterface
public interface Looks {
  Look look(RunTag run, List<Claim> held, Map<String, String> foreseen, Progress progress);
}
