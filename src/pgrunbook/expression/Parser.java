package pgrunbook.expression;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import pgrunbook.expression.Ast.Operator;

/**
 * Reads one expression. From the loosest to the tightest: <code>||</code>, <code>&&</code>, one
 * comparison, <code>??</code>, <code>!</code>.
 */
final class Parser {
  /** So that no text can exhaust the stack. */
  private static final int DEEPEST = 50;

  private static final int LONGEST = 2_000;

  private static final List<Operator> COMPARISONS =
      List.of(
          Operator.EQUAL,
          Operator.UNEQUAL,
          Operator.AT_MOST,
          Operator.AT_LEAST,
          Operator.LESS,
          Operator.MORE);

  private final Lexer lexer;
  private final int from;
  private Token token;
  private int depth;

  private Parser(Source source, int from) {
    this.lexer = new Lexer(source, from);
    this.from = from;
    this.token = lexer.next();
  }

  /** An expression, and the offset behind what ended it. */
  record Parsed(Ast ast, int end) {}

  /** Reads up to the brace that closes <code>${</code>. */
  static Parsed upToBrace(Source source, int from) {
    var parser = new Parser(source, from);
    if (parser.token.is("}")) {
      throw parser.unexpected("a name or a value");
    }
    var ast = parser.either();
    if (parser.token.kind() == Token.Kind.END) {
      throw parser.lexer.error(
          from - 2, "'${' is not closed", Optional.of("add a }, or write $${ for a literal ${"));
    }
    if (!parser.token.is("}")) {
      throw parser.unexpected("an operator or }");
    }
    return new Parsed(ast, parser.token.end());
  }

  /** Reads all of the text. */
  static Ast whole(Source source) {
    var parser = new Parser(source, 0);
    var ast = parser.either();
    if (parser.token.kind() != Token.Kind.END) {
      throw parser.unexpected("an operator or the end");
    }
    return ast;
  }

  private Ast either() {
    if (++depth > DEEPEST) {
      throw lexer.error(token.start(), "more than " + DEEPEST + " levels", Optional.empty());
    }
    var left = both();
    while (accept(Operator.OR)) {
      left = new Ast.Binary(Operator.OR, left, both());
    }
    depth--;
    return left;
  }

  private Ast both() {
    var left = comparison();
    while (accept(Operator.AND)) {
      left = new Ast.Binary(Operator.AND, left, comparison());
    }
    return left;
  }

  private Ast comparison() {
    var left = otherwise();
    var operator = comparisonSign();
    if (operator.isEmpty()) {
      return left;
    }
    advance();
    var compared = new Ast.Binary(operator.get(), left, otherwise());
    if (comparisonSign().isPresent()) {
      throw lexer.error(
          token.start(), "comparisons cannot follow each other", Optional.of("join them with &&"));
    }
    return compared;
  }

  private Optional<Operator> comparisonSign() {
    return COMPARISONS.stream().filter(operator -> token.is(operator.sign())).findFirst();
  }

  private Ast otherwise() {
    var left = unary();
    while (accept(Operator.OTHERWISE)) {
      left = new Ast.Binary(Operator.OTHERWISE, left, unary());
    }
    return left;
  }

  private Ast unary() {
    if (!token.is("!")) {
      return primary();
    }
    if (++depth > DEEPEST) {
      throw lexer.error(token.start(), "more than " + DEEPEST + " levels", Optional.empty());
    }
    var start = token.start();
    advance();
    var operand = unary();
    depth--;
    return new Ast.Not(operand, start, operand.end());
  }

  private Ast primary() {
    var here = token;
    if (here.is("(")) {
      advance();
      var inner = either();
      if (!token.is(")")) {
        throw unexpected("an operator or )");
      }
      advance();
      return inner;
    }
    return switch (here.kind()) {
      case NAME -> advancing(name(here));
      case TEXT -> advancing(new Ast.Literal(here.text(), here.start(), here.end()));
      case NUMBER -> advancing(number(here));
      case OPERATOR, END -> throw unexpected("a name or a value");
    };
  }

  private Ast name(Token name) {
    return switch (name.text()) {
      case "true" -> new Ast.Literal(true, name.start(), name.end());
      case "false" -> new Ast.Literal(false, name.start(), name.end());
      default ->
          new Ast.Name(Arrays.asList(name.text().split("\\.", -1)), name.start(), name.end());
    };
  }

  private Ast number(Token number) {
    try {
      Object value =
          number.text().contains(".")
              ? (Object) Double.valueOf(number.text())
              : (Object) Long.valueOf(number.text());
      return new Ast.Literal(value, number.start(), number.end());
    } catch (NumberFormatException _) {
      throw lexer.error(
          number.start(), "the number " + number.text() + " is too large", Optional.empty());
    }
  }

  private Ast advancing(Ast ast) {
    advance();
    return ast;
  }

  private boolean accept(Operator operator) {
    var is = token.is(operator.sign());
    if (is) {
      advance();
    }
    return is;
  }

  private void advance() {
    token = lexer.next();
    if (token.start() - from > LONGEST) {
      throw lexer.error(
          from, "the expression is longer than " + LONGEST + " characters", Optional.empty());
    }
  }

  private SyntaxError unexpected(String expected) {
    return lexer.error(
        token.start(), "expected " + expected + ", found " + token.shown(), Optional.empty());
  }
}
