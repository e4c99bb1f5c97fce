package pgrunbook.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A secret that can be recognised whatever has become of it: its letters are the same in every
 * quoting, and a few encodings of the whole are tried.
 *
 * @param traces any of which gives it away
 */
public record Canary(String text, List<String> traces) {
  /**
   * A secret.
   *
   * @param cores parts of it that stand nowhere else, of ASCII letters and digits
   */
  public static Canary of(String text, String... cores) {
    var traces = new ArrayList<>(List.of(cores));
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    for (var encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
      traces.add(encoder.withoutPadding().encodeToString(bytes));
    }
    traces.add(HexFormat.of().formatHex(bytes));
    traces.add(HexFormat.of().formatHex(bytes).toUpperCase(Locale.ROOT));
    return new Canary(text, List.copyOf(traces));
  }

  /** Whether a text gives it away. */
  public boolean isIn(String said) {
    return traces.stream().anyMatch(said::contains);
  }

  /** As one value of a file of variables, in double quotes. */
  public String asVariable() {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + '"';
  }
}
