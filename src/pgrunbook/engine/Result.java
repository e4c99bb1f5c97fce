package pgrunbook.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import pgrunbook.text.Problem;

/** How one step ended, all its attempts together. */
sealed interface Result {
  record Done(ObjectNode outputs) implements Result {}

  record Failed(Problem problem) implements Result {}

  record Denied(List<Problem> problems) implements Result {}

  record Unknown(Problem problem) implements Result {}

  record Interrupted() implements Result {}
}
