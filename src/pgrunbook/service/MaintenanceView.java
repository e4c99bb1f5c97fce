package pgrunbook.service;

import java.util.Optional;
import pgrunbook.text.Problem;

/** The maintenance mode of an environment, for those who only look. */
public interface MaintenanceView {
  MaintenanceState state();

  /** What would be done to switch it, to be shown in a plan. */
  String shown(boolean on);

  /** Why it can't be switched, as far as that can be seen without doing it. */
  default Optional<Problem> obstacle() {
    return Optional.empty();
  }

  /** Whether nothing real is behind it. */
  boolean simulated();
}
