package pgrunbook.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Records as JSON and back, for what a run writes down. Keys are snake case; secrets are masked,
 * and so cannot be read back.
 */
public final class Records {
  private Records() {}

  /**
   * A record as JSON. An empty <code>Optional</code> and a place are left out; a value that is not
   * known yet is how a plan shows it.
   */
  public static ObjectNode toJson(Record written) {
    return ToJson.object(written);
  }

  /**
   * The record that JSON describes. Unknown keys are ignored; an <code>Optional</code>, list or map
   * without a key is empty, and a component with a {@link Default} has it.
   *
   * @throws IllegalArgumentException where it describes none
   */
  public static <R extends Record> R fromJson(JsonNode json, Class<R> type) {
    return FromJson.object(json, type);
  }
}
