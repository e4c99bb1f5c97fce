package pgrunbook.text;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A secret character by character, each as it is or in an escape of its own: of URLs, JSON, YAML,
 * XML, shells, SQL's quotes and C's strings. Who has quoted what, and how often, does not matter.
 */
final class SpelledForm implements SecretForm {
  private static final Pattern LETTERS = Pattern.compile("[A-Za-z0-9]+");
  private static final int LONGEST_ESCAPE = 12;

  private final Pattern pattern;
  private final String anchor;
  private final int longest;

  SpelledForm(String secret) {
    var regex = new StringBuilder();
    for (int i = 0; i < secret.length(); i += Character.charCount(secret.codePointAt(i))) {
      regex.append(spellings(secret.codePointAt(i)));
    }
    this.pattern = Pattern.compile(regex.toString());
    this.anchor =
        LETTERS
            .matcher(secret)
            .results()
            .map(it -> it.group())
            .max(Comparator.comparingInt(String::length))
            .orElse("");
    this.longest = secret.length() + LONGEST_ESCAPE * (secret.length() - lettersOf(secret));
  }

  private static int lettersOf(String text) {
    return text.replaceAll("[^A-Za-z0-9]", "").length();
  }

  /**
   * Letters and digits of ASCII are never escaped: where the longest row of them is not, none is.
   */
  @Override
  public String mask(String text) {
    return text.contains(anchor)
        ? pattern.matcher(text).replaceAll(Matcher.quoteReplacement(Masking.MASK))
        : text;
  }

  @Override
  public int longest() {
    return longest;
  }

  private static String spellings(int c) {
    var raw = Character.toString(c);
    if (LETTERS.matcher(raw).matches()) {
      return raw;
    }
    var more =
        switch (c) {
          case '\\' -> "\\\\{1,4}|";
          case '\n' -> "\r?\n[ \t]*|\\\\{1,4}n|";
          case '\r' -> "\\\\{1,4}r|";
          case '\t' -> "\\\\{1,4}t|";
          case ' ' -> "\\+|";
          case '\'' -> "'\\\\''|'\"'\"'|''|&#39;|&apos;|";
          case '"' -> "\"\"|&quot;|&#34;|";
          case '$', '%' -> Pattern.quote(raw + raw) + "|";
          case '&' -> "&amp;|";
          case '<' -> "&lt;|";
          case '>' -> "&gt;|";
          default -> "";
        };
    return "(?:" + more + "\\\\{0,4}" + Pattern.quote(raw) + "|(?i:" + numbers(raw) + "))";
  }

  /** As UTF-16 in JSON and Java, as bytes in URLs, C and bytea. */
  private static String numbers(String raw) {
    var units = new StringBuilder();
    raw.chars().forEach(unit -> units.append("\\\\{1,4}u%04x".formatted(unit)));
    var percent = new StringBuilder();
    var hex = new StringBuilder();
    var octal = new StringBuilder();
    for (var b : raw.getBytes(StandardCharsets.UTF_8)) {
      percent.append(String.format(Locale.ROOT, "%%%02x", b));
      hex.append(String.format(Locale.ROOT, "\\\\{1,4}x%02x", b));
      octal.append(String.format(Locale.ROOT, "\\\\{1,4}%03o", b & 0xff));
    }
    return units + "|" + percent + "|" + hex + "|" + octal;
  }

  @Override
  public String toString() {
    return Masking.MASK;
  }
}
