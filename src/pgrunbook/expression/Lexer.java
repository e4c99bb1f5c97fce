package pgrunbook.expression;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import pgrunbook.text.Problem;

/** Cuts an expression into tokens, one at a time, because only the parser knows where it ends. */
final class Lexer {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*(?:\\.[A-Za-z_][A-Za-z0-9_-]*)*");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(?:\\.[0-9]+)?");

  /** Longer ones first. */
  private static final List<String> OPERATORS =
      List.of("==", "!=", "<=", ">=", "&&", "||", "??", "<", ">", "!", "(", ")", "}");

  private final Source source;
  private final String text;
  private int position;

  Lexer(Source source, int position) {
    this.source = source;
    this.text = source.text();
    this.position = position;
  }

  Token next() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
    if (position == text.length()) {
      return new Token(Token.Kind.END, "", position, position);
    }
    var c = text.charAt(position);
    if (c == '\'' || c == '"') {
      return quoted(c);
    }
    return matched(Token.Kind.NAME, NAME)
        .or(() -> matched(Token.Kind.NUMBER, NUMBER))
        .or(this::operator)
        .orElseThrow(() -> unexpected(c));
  }

  private Optional<Token> matched(Token.Kind kind, Pattern pattern) {
    var matcher = pattern.matcher(text).region(position, text.length());
    return matcher.lookingAt() ? Optional.of(token(kind, matcher.end())) : Optional.empty();
  }

  private Optional<Token> operator() {
    return OPERATORS.stream()
        .filter(operator -> text.startsWith(operator, position))
        .findFirst()
        .map(operator -> token(Token.Kind.OPERATOR, position + operator.length()));
  }

  private Token token(Token.Kind kind, int end) {
    var token = new Token(kind, text.substring(position, end), position, end);
    position = end;
    return token;
  }

  /** Single quotes keep everything and double themselves; double quotes know escapes. */
  private Token quoted(char quote) {
    var start = position;
    var content = new StringBuilder();
    for (var i = start + 1; i < text.length(); i++) {
      var c = text.charAt(i);
      var following = i + 1 < text.length() ? text.charAt(i + 1) : '\0';
      if (c == '\\' && quote == '"') {
        content.append(escaped(following, i));
        i++;
      } else if (c == quote && quote == '\'' && following == quote) {
        content.append(quote);
        i++;
      } else if (c == quote) {
        position = i + 1;
        return new Token(Token.Kind.TEXT, content.toString(), start, position);
      } else {
        content.append(c);
      }
    }
    throw error(start, "the quote " + quote + " is not closed", Optional.empty());
  }

  private char escaped(char c, int offset) {
    return switch (c) {
      case '\\', '"' -> c;
      case 'n' -> '\n';
      case 't' -> '\t';
      default -> throw error(offset, "unknown escape", Optional.of("known: \\\\ \\\" \\n \\t"));
    };
  }

  private SyntaxError unexpected(char c) {
    Optional<String> hint =
        switch (c) {
          case '=' -> Optional.of("write == to compare");
          case '&' -> Optional.of("write && for 'and'");
          case '|' -> Optional.of("write || for 'or'");
          case '?' -> Optional.of("write ?? for a default");
          case '+', '-', '*', '/', '%' -> Optional.of("expressions do not calculate");
          default -> Optional.empty();
        };
    var shown = Character.toString(text.codePointAt(position));
    return error(position, "unexpected '" + shown + "'", hint);
  }

  SyntaxError error(int offset, String what, Optional<String> hint) {
    return new SyntaxError(new Problem(source.at(offset), what, hint), offset);
  }
}
