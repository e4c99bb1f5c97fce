package pgrunbook.yaml;

import java.util.Optional;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;

/** Says what the YAML parser did not understand, in words that help to mend it. */
final class SyntaxProblem {
  private SyntaxProblem() {}

  static Problem of(MarkedYAMLException e, Place at, Lines lines) {
    var said = Optional.ofNullable(e.getProblem()).orElse("").strip();
    var context = Optional.ofNullable(e.getContext()).orElse("").strip();
    var line = lines.line(at.line());
    if (said.contains("TAB") || tabbed(line)) {
      return problem(at, "a tab cannot indent a line", "indent with spaces");
    }
    if (context.startsWith("while scanning a quoted scalar")) {
      return problem(place(e, at), "the quote that begins here is not closed", "add the quote");
    }
    if (said.contains("mapping values are not allowed")) {
      return problem(
          at, "a ':' is not allowed here", "put a text with ': ' in it into quotes; check indents");
    }
    if (said.contains("could not find expected ':'")) {
      return problem(
          at, "a key without ':' before this line", "write 'key: value', with a space behind ':'");
    }
    if (said.contains("cannot start any token")) {
      var sign = at.column() <= line.length() ? line.substring(at.column() - 1, at.column()) : "";
      return problem(at, "a value cannot begin with " + sign, "put the value into quotes");
    }
    if (context.contains("flow") && line.contains("${")) {
      return problem(
          at,
          "an expression inside [ ] or { } needs quotes",
          "write [\"${…}\"], or one '- ${…}' a line");
    }
    if (context.contains("flow sequence")) {
      return problem(place(e, at), "the list that begins here is not closed by ]", "add the ]");
    }
    if (context.contains("flow mapping")) {
      return problem(place(e, at), "the mapping that begins here is not closed by }", "add the }");
    }
    if (said.contains("expected <block end>")) {
      return problem(
          at, "this does not continue what is above it", "check how far the lines are indented");
    }
    return new Problem(at, "cannot be read as YAML: " + said, Optional.empty());
  }

  private static boolean tabbed(String line) {
    return line.substring(0, line.length() - line.stripLeading().length()).contains("\t");
  }

  private static Place place(MarkedYAMLException e, Place otherwise) {
    return Optional.ofNullable(e.getContextMark())
        .map(mark -> new Place(otherwise.file(), mark.getLine() + 1, mark.getColumn() + 1))
        .orElse(otherwise);
  }

  private static Problem problem(Place at, String what, String hint) {
    return new Problem(at, what, Optional.of(hint));
  }
}
