package pgrunbook.backup;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads <code>SELECT pg_catalog.setval('schema.name', 24, true)</code>, as pg_dump writes it. */
final class SequenceSettings {
  private static final String NAME = "(?:([a-z_][\\w$]*)|\"((?:[^\"]|\"\")+)\")";
  private static final Pattern QUALIFIED =
      Pattern.compile(NAME + "\\." + NAME, Pattern.UNICODE_CHARACTER_CLASS);

  private SequenceSettings() {}

  static void read(Statement statement, Map<TableName, SequenceState> into) {
    var at = statement.find(1, "setval");
    if (at < 0 || !statement.at(at + 1).is("(") || !statement.at(at + 3).is(",")) {
      return;
    }
    var negative = statement.at(at + 4).is("-");
    var value = at + (negative ? 5 : 4);
    var digits = statement.at(value).text();
    if (!digits.matches("\\d{1,19}") || !statement.at(value + 1).is(",")) {
      return;
    }
    var called = statement.at(value + 2).is("true");
    name(statement.at(at + 2).text())
        .ifPresent(name ->
            into.put(
                name, new SequenceState(Long.parseLong((negative ? "-" : "") + digits), called)));
  }

  private static Optional<TableName> name(String written) {
    var matcher = QUALIFIED.matcher(written);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new TableName(
            plain(matcher.group(1), matcher.group(2)), plain(matcher.group(3), matcher.group(4))));
  }

  private static String plain(String bare, String quoted) {
    return Optional.ofNullable(bare).orElseGet(() -> quoted.replace("\"\"", "\""));
  }
}
