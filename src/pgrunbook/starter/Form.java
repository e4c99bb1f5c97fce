package pgrunbook.starter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A value as a Compose file writes it, with Compose's <code>${X:-default}</code> in it.
 *
 * @see <a href="https://docs.docker.com/reference/compose-file/interpolation/">interpolation</a>
 */
record Form(List<Part> parts) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  Form {
    parts = List.copyOf(parts);
  }

  /** A piece of it. */
  sealed interface Part {
    record Text(String text) implements Part {}

    record Variable(String name, Optional<Form> otherwise) implements Part {}
  }

  static Form literal(String text) {
    return new Form(List.of(new Part.Text(text)));
  }

  static Form variable(String name) {
    return new Form(List.of(new Part.Variable(name, Optional.empty())));
  }

  static Form variable(String name, Form otherwise) {
    return new Form(List.of(new Part.Variable(name, Optional.of(otherwise))));
  }

  /** Nothing where it says what a runbook can't, such as <code>${X:+other}</code>. */
  static Optional<Form> parse(String text) {
    return new Reading(text).all();
  }

  boolean hasVariables() {
    return parts.stream().anyMatch(Part.Variable.class::isInstance);
  }

  /** What it stands for; a variable without a value stands for nothing. */
  String value(Map<String, String> variables) {
    var value = new StringBuilder();
    for (var part : parts) {
      switch (part) {
        case Part.Text(var text) -> value.append(text);
        case Part.Variable(var name, var otherwise) -> {
          var known = variables.getOrDefault(name, "");
          value.append(
              known.isEmpty() ? otherwise.map(it -> it.value(variables)).orElse("") : known);
        }
      }
    }
    return value.toString();
  }

  /** The same as an environment file of pgrunbook writes it. */
  String template() {
    var template = new StringBuilder();
    for (var part : parts) {
      switch (part) {
        case Part.Text(var text) -> template.append(text.replace("${", "$${"));
        case Part.Variable it -> template.append("${").append(expression(it)).append('}');
      }
    }
    return template.toString();
  }

  private static String expression(Part.Variable variable) {
    var otherwise = variable.otherwise().map(it -> " ?? " + it.operand()).orElse("");
    return "env." + variable.name() + otherwise;
  }

  private String operand() {
    if (parts.size() == 1 && parts.getFirst() instanceof Part.Variable it) {
      return expression(it);
    }
    return "'" + value(Map.of()).replace("'", "''") + "'";
  }

  /** Whether an expression can take it behind <code>??</code>. */
  private boolean isOperand() {
    return !hasVariables() || parts.size() == 1;
  }

  /** Goes through the text once. */
  private static final class Reading {
    private final String text;
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private int position;

    Reading(String text) {
      this.text = text;
    }

    Optional<Form> all() {
      while (position < text.length()) {
        var c = text.charAt(position);
        if (c != '$') {
          literal.append(c);
          position++;
        } else if (text.startsWith("$$", position)) {
          literal.append('$');
          position += 2;
        } else if (!reference()) {
          return Optional.empty();
        }
      }
      flush();
      return Optional.of(new Form(parts));
    }

    private void flush() {
      if (!literal.isEmpty() || (parts.isEmpty() && position >= text.length())) {
        parts.add(new Part.Text(literal.toString()));
        literal.setLength(0);
      }
    }

    private boolean reference() {
      var braced = text.startsWith("${", position);
      var name = NAME.matcher(text).region(position + (braced ? 2 : 1), text.length());
      if (!name.lookingAt()) {
        return false;
      }
      flush();
      position = name.end();
      if (!braced) {
        parts.add(new Part.Variable(name.group(), Optional.empty()));
        return true;
      }
      var end = closing();
      if (end < 0) {
        return false;
      }
      var rest = text.substring(position, end);
      position = end + 1;
      return braced(name.group(), rest);
    }

    private boolean braced(String name, String rest) {
      if (rest.isEmpty() || rest.matches("(?s):?\\?.*")) {
        parts.add(new Part.Variable(name, Optional.empty()));
        return true;
      }
      if (!rest.matches("(?s):?-.*")) {
        return false;
      }
      var otherwise = parse(rest.substring(rest.indexOf('-') + 1)).filter(Form::isOperand);
      otherwise.ifPresent(it -> parts.add(new Part.Variable(name, Optional.of(it))));
      return otherwise.isPresent();
    }

    /** Where the brace of this reference ends; defaults may have references of their own. */
    private int closing() {
      var depth = 1;
      for (var i = position; i < text.length(); i++) {
        if (text.startsWith("${", i)) {
          depth++;
        } else if (text.charAt(i) == '}' && --depth == 0) {
          return i;
        }
      }
      return -1;
    }
  }
}
