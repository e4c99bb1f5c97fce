package pgrunbook.action;

import java.util.List;
import java.util.Map;
import pgrunbook.process.Deadline;

/** Gives a step its hold on the world. */
public interface Acts extends Looks {
  Act act(
      RunTag run,
      List<Claim> held,
      Map<String, String> foreseen,
      Progress progress,
      StepLog log,
      Deadline deadline);
}
