package pgrunbook.environment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pgrunbook.text.Place;
import pgrunbook.text.Problems;

/** Reads the text of one <code>.env</code> file, assignment by assignment. */
final class DotEnvParser {
  private static final Pattern ASSIGNMENT =
      Pattern.compile("[ \\t]*(?:export[ \\t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \\t]*=[ \\t]*");
  private static final Pattern VARIABLE =
      Pattern.compile(
          "\\$(?:(?<plain>[A-Za-z_][A-Za-z0-9_]*)"
              + "|\\{(?<braced>[A-Za-z_][A-Za-z0-9_]*)(?:(?<operator>:?-)(?<default>[^}]*))?\\})");
  private static final Pattern INLINE_COMMENT = Pattern.compile(" #.*$");

  private final String text;
  private final String file;
  private final Map<String, String> process;
  private final Problems problems;
  private final Map<String, String> values = new LinkedHashMap<>();
  private int position;

  DotEnvParser(String text, String file, Map<String, String> process, Problems problems) {
    var bare = text.startsWith("\uFEFF") ? text.substring(1) : text;
    this.text = bare.replace("\r\n", "\n");
    this.file = file;
    this.process = process;
    this.problems = problems;
  }

  Map<String, String> parse() {
    var nul = text.indexOf('\0');
    if (nul >= 0) {
      problems.add(place(nul), "a NUL character", "is this a text file?");
      return values;
    }
    while (position < text.length()) {
      var line = restOfLine();
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        skipLine();
      } else {
        assignment(line);
      }
    }
    return values;
  }

  private void assignment(String line) {
    var matcher = ASSIGNMENT.matcher(line);
    if (!matcher.lookingAt()) {
      var at = place(position + line.length() - line.stripLeading().length());
      problems.add(at, "expected NAME=value", "names are made of letters, digits and _");
      skipLine();
      return;
    }
    var name = matcher.group(1);
    position += matcher.end();
    var quote = position < text.length() ? text.charAt(position) : '\n';
    if (quote == '\'' || quote == '"') {
      quoted(name, quote);
    } else {
      var value = INLINE_COMMENT.matcher(restOfLine()).replaceFirst("").strip();
      values.put(name, expanded(value, position, false));
      skipLine();
    }
  }

  private void quoted(String name, char quote) {
    var start = position + 1;
    var end = start;
    while (end < text.length() && text.charAt(end) != quote) {
      end += quote == '"' && text.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= text.length()) {
      problems.add(place(position), "the quote that begins here is not closed");
      skipLine();
      return;
    }
    if (text.charAt(end - 1) == '\\') {
      problems.add(
          place(end - 1),
          "a backslash before the closing quote, behind which Docker Compose reads on",
          "leave the quotes out");
    }
    var content = text.substring(start, end);
    values.put(name, quote == '"' ? expanded(content, start, true) : content);
    position = end + 1;
    var rest = restOfLine();
    if (!rest.isBlank() && !rest.stripLeading().startsWith("#")) {
      problems.add(place(position), "text behind the closing quote", "quote the value as a whole");
    }
    skipLine();
  }

  /** Puts in the values of other variables and, in double quotes, what escapes stand for. */
  private String expanded(String value, int offset, boolean escapes) {
    var result = new StringBuilder();
    var i = 0;
    while (i < value.length()) {
      var c = value.charAt(i);
      if (escapes && c == '\\' && i + 1 < value.length()) {
        result.append(escaped(value.charAt(i + 1)));
        i += 2;
      } else if (value.startsWith("$$", i)) {
        result.append('$');
        i += 2;
      } else if (c == '$') {
        var reference = VARIABLE.matcher(value).region(i, value.length());
        var found = reference.lookingAt();
        if (!found && value.startsWith("${", i)) {
          problems.add(
              place(offset + i),
              "what begins here is no variable",
              "write ${NAME}, ${NAME:-default} or ${NAME-default}, or keep the $ by single quotes");
        }
        result.append(found ? variable(reference, offset + i) : "$");
        i = found ? reference.end() : i + 1;
      } else {
        result.append(c);
        i++;
      }
    }
    return result.toString();
  }

  private String variable(Matcher reference, int offset) {
    var name = Optional.ofNullable(reference.group("plain")).orElse(reference.group("braced"));
    var value = Optional.ofNullable(process.getOrDefault(name, values.get(name)));
    var operator = Optional.ofNullable(reference.group("operator"));
    if (operator.isPresent()) {
      return value
          .filter(v -> !v.isEmpty() || operator.get().equals("-"))
          .orElse(reference.group("default"));
    }
    if (value.isEmpty()) {
      problems.add(
          place(offset),
          "the variable that begins here has no value",
          "keep the $ by single quotes; else define the variable above, or write ${NAME:-default}");
    }
    return value.orElse("");
  }

  private static String escaped(char c) {
    return switch (c) {
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case 'a' -> "\u0007";
      case 'b' -> "\b";
      case 'f' -> "\f";
      case 'v' -> "\u000b";
      case '\\', '"', '$' -> String.valueOf(c);
      default -> "\\" + c;
    };
  }

  private String restOfLine() {
    var end = text.indexOf('\n', position);
    return text.substring(position, end < 0 ? text.length() : end);
  }

  private void skipLine() {
    position += restOfLine().length() + 1;
  }

  private Place place(int offset) {
    var lineStart = text.lastIndexOf('\n', offset - 1) + 1;
    var line = (int) text.substring(0, lineStart).chars().filter(c -> c == '\n').count() + 1;
    return new Place(file, line, offset - lineStart + 1);
  }
}
