package pgrunbook.text;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** A secret whose bytes are written in other characters: base64, hexadecimal digits. */
record CodedForm(String text) implements SecretForm {
  /** Fewer characters of base64 stand in many texts. */
  private static final int SHORTEST_PART = 8;

  private static final int GROUP = 3;

  /** Everything of that kind that a secret can become. */
  static Stream<CodedForm> of(String secret) {
    var bytes = secret.getBytes(StandardCharsets.UTF_8);
    Set<String> all = new LinkedHashSet<>();
    for (var encoder : new Base64.Encoder[] {Base64.getEncoder(), Base64.getUrlEncoder()}) {
      all.add(encoder.encodeToString(bytes));
      all.add(encoder.withoutPadding().encodeToString(bytes));
      for (int before = 0; before < GROUP; before++) {
        var part = inside(encoder, bytes, before);
        if (part.length() >= SHORTEST_PART) {
          all.add(part);
        }
      }
    }
    var hex = HexFormat.of().formatHex(bytes);
    all.add(hex);
    all.add(hex.toUpperCase(Locale.ROOT));
    return all.stream().map(CodedForm::new);
  }

  /**
   * What base64 makes of it inside of a longer text, such as <code>user:password</code>, whatever
   * stands around it.
   */
  private static String inside(Base64.Encoder encoder, byte[] bytes, int before) {
    var shifted = new byte[before + bytes.length];
    System.arraycopy(bytes, 0, shifted, before, bytes.length);
    var whole = encoder.withoutPadding().encodeToString(shifted);
    var first = before == 0 ? 0 : before + 1;
    var last = whole.length() - (shifted.length % GROUP == 0 ? 0 : 1);
    return first < last ? whole.substring(first, last) : "";
  }

  @Override
  public String mask(String masked) {
    return masked.replace(text, Masking.MASK);
  }

  @Override
  public int longest() {
    return text.length();
  }

  @Override
  public String toString() {
    return Masking.MASK;
  }
}
