package pgrunbook.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A secret character by character, each as it is or in an escape of its own: of URLs, JSON, YAML,
 * XML, shells, SQL's quotes and C's strings. Who has quoted what, and how often, does not matter.
 */
final class SpelledForm implements SecretForm {
  private static final Pattern LETTERS = Pattern.compile("[A-Za-z0-9]+");
  private static final Pattern RUN = Pattern.compile("(.)\\1*", Pattern.DOTALL);
  private static final int ESCAPES = 4;
  private static final int LONGEST_ESCAPE = 12;

  private final Pattern pattern;
  private final String anchor;
  private final int longest;

  SpelledForm(String secret) {
    var regex = new StringBuilder();
    var runs = RUN.matcher(secret);
    while (runs.find()) {
      var c = runs.group(1);
      regex.append(spellings(c, runs.group().length() / c.length()));
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

  /** A row of the same character is escaped in one way, or there were no end of ways to try. */
  private static String spellings(String raw, int times) {
    if (LETTERS.matcher(raw).matches()) {
      return raw.repeat(times);
    }
    var ways = new ArrayList<String>();
    escapes(raw).forEach(way -> ways.add("(?:%s){%d}".formatted(way, times)));
    switch (raw) {
      case "\\" -> ways.add("\\\\{%d,%d}+".formatted(times, ESCAPES * times));
      case "'", "\"", "$", "%" ->
          ways.add("%s{%d,%d}+".formatted(Pattern.quote(raw), times, 2 * times));
      default -> {}
    }
    if (!raw.equals("\\")) {
      ways.add("(?:\\\\{0,4}+%s){%d}".formatted(Pattern.quote(raw), times));
    }
    ways.add("(?i:(?:%s){%d})".formatted(numbers(raw), times));
    return "(?:" + String.join("|", ways) + ")";
  }

  private static List<String> escapes(String raw) {
    return switch (raw) {
      case "\n" -> List.of("\r?\n[ \t]*", "\\\\{1,4}+n");
      case "\r" -> List.of("\\\\{1,4}+r");
      case "\t" -> List.of("\\\\{1,4}+t");
      case " " -> List.of("\\+");
      case "'" -> List.of("'\\\\''", "'\"'\"'", "&#39;", "&apos;");
      case "\"" -> List.of("&quot;", "&#34;");
      case "&" -> List.of("&amp;");
      case "<" -> List.of("&lt;");
      case ">" -> List.of("&gt;");
      default -> List.of();
    };
  }

  /** As UTF-16 in JSON and Java, as bytes in URLs, C and bytea. */
  private static String numbers(String raw) {
    var units = new StringBuilder();
    raw.chars().forEach(unit -> units.append("\\\\{1,4}+u%04x".formatted(unit)));
    var percent = new StringBuilder();
    var hex = new StringBuilder();
    var octal = new StringBuilder();
    for (var b : raw.getBytes(StandardCharsets.UTF_8)) {
      percent.append(String.format(Locale.ROOT, "%%%02x", b));
      hex.append(String.format(Locale.ROOT, "\\\\{1,4}+x%02x", b));
      octal.append(String.format(Locale.ROOT, "\\\\{1,4}+%03o", b & 0xff));
    }
    return units + "|" + percent + "|" + hex + "|" + octal;
  }

  @Override
  public String toString() {
    return Masking.MASK;
  }
}
