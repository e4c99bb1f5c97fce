package pgrunbook.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Optional;

/** How an entry is written as one line, chained to the line before by a checksum. */
final class Line {
  static final String FIRST_SUM = "";
  private static final String SUM = ",\"sum\":\"";
  private static final int SUM_BYTES = 8;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Line() {}

  /** A line as it was read: the entry and the sum that the next one is chained to. */
  record Read(Entry entry, String sum) {}

  /** The entry as a line without its end, and the sum that the next one is chained to. */
  record Written(String text, String sum) {}

  static Written write(Entry entry, String previousSum) {
    var node = JSON.createObjectNode();
    node.put("n", entry.number());
    node.put("at", entry.at().toString());
    node.put("event", entry.event());
    node.setAll(entry.data());
    var body = node.toString();
    var sum = sum(previousSum, body);
    return new Written(body.substring(0, body.length() - 1) + SUM + sum + "\"}", sum);
  }

  /** Empty where the line is not one that was written after the line with that sum. */
  static Optional<Read> read(String line, String previousSum) {
    var cut = line.lastIndexOf(SUM);
    if (cut < 0) {
      return Optional.empty();
    }
    var body = line.substring(0, cut) + "}";
    var sum = sum(previousSum, body);
    if (!line.substring(cut).equals(SUM + sum + "\"}")) {
      return Optional.empty();
    }
    try {
      return JSON.readTree(body) instanceof ObjectNode node
          ? Optional.of(new Read(entry(node), sum))
          : Optional.empty();
    } catch (JsonProcessingException | DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Entry entry(ObjectNode node) {
    var number = node.path("n").asLong();
    var at = Instant.parse(node.path("at").asText());
    var event = node.path("event").asText();
    node.remove(java.util.List.of("n", "at", "event"));
    return new Entry(number, at, event, node);
  }

  private static String sum(String previous, String body) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(previous.getBytes(StandardCharsets.UTF_8));
      digest.update(body.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(), 0, SUM_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
