package pgrunbook.runbook;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import pgrunbook.text.Place;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;
import pgrunbook.yaml.Key;

/**
 * Something that whoever starts a runbook may, or where it has no default must, say.
 *
 * @param defaultValue a String, Long or Boolean, as the type says
 */
public record Param(
    @Doc("what it is for") @Default("''") String description,
    @Doc("what its values are") @Default("string") Type type,
    @Doc("its value where none is given; without a default one must be given") @Key("default")
        Optional<Object> defaultValue,
    @Doc("the only values that are allowed") @Default("[]") List<String> choices,
    @Doc("regular expression that the whole value has to match") Optional<String> pattern,
    @Doc("never show its value") @Default("false") boolean secret,
    Place place) {
  public Param {
    choices = List.copyOf(choices);
    try {
      pattern.ifPresent(Pattern::compile);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'pattern' is not a regular expression: " + e.getDescription(), e);
    }
    if (defaultValue.isPresent()) {
      try {
        defaultValue = Optional.of(read(defaultValue.get().toString(), type, choices, pattern));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("'default' " + e.getMessage(), e);
      }
    }
  }

  /** What a param's values are. */
  public enum Type {
    STRING,
    INTEGER,
    BOOLEAN
  }

  /**
   * The value that a text stands for: a String, Long or Boolean.
   *
   * @throws IllegalArgumentException where it stands for none; its message goes on behind the
   *     param's name, and never shows the text, which may be secret
   */
  public Object read(String text) {
    return read(text, type, choices, pattern);
  }

  private static Object read(
      String text, Type type, List<String> choices, Optional<String> pattern) {
    if (!choices.isEmpty() && !choices.contains(text)) {
      throw new IllegalArgumentException("must be one of " + String.join(", ", choices));
    }
    if (pattern.isPresent() && !text.matches(pattern.get())) {
      throw new IllegalArgumentException("must match " + pattern.get());
    }
    return switch (type) {
      case STRING -> text;
      case INTEGER -> integer(text);
      case BOOLEAN -> bool(text);
    };
  }

  private static Object integer(String text) {
    if (!text.matches("-?(0|[1-9][0-9]{0,17})")) {
      throw new IllegalArgumentException("must be a whole number");
    }
    return Long.valueOf(text);
  }

  private static Object bool(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("must be true or false");
    }
    return text.equals("true");
  }
}
