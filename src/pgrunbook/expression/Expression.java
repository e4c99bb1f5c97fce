package pgrunbook.expression;

import java.util.List;
import java.util.Optional;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

/** A condition, as <code>when:</code> takes it: with or without <code>${…}</code> around it. */
public final class Expression {
  private final Source source;
  private final Optional<Ast> ast;

  private Expression(Source source, Optional<Ast> ast) {
    this.source = source;
    this.ast = ast;
  }

  /**
   * Reads a condition; one that is not well-formed is a problem, and has no value later.
   *
   * @param at where the text begins in its file
   */
  public static Expression parse(String text, Place at, Problems problems) {
    var source = new Source(text, at);
    try {
      return new Expression(source, Optional.of(parse(source)));
    } catch (SyntaxError error) {
      problems.add(error.problem());
      return new Expression(source, Optional.empty());
    }
  }

  private static Ast parse(Source source) {
    var text = source.text();
    var first = text.length() - text.stripLeading().length();
    if (!text.startsWith("${", first)) {
      return Parser.whole(source);
    }
    var parsed = Parser.upToBrace(source, first + 2);
    if (!text.substring(parsed.end()).isBlank()) {
      var hint = Optional.of("put all of it into one ${…}, or write it without");
      throw new SyntaxError(
          new Problem(source.at(parsed.end()), "the condition goes on behind its }", hint),
          parsed.end());
    }
    return parsed.ast();
  }

  /** Whether it holds, or nothing where there are problems. */
  public Optional<Late<Boolean>> evaluate(Scope scope, Problems problems) {
    return ast.flatMap(parsed -> new Evaluator(source, scope, problems).condition(parsed));
  }

  /** The names that it uses, in the order in which they are written. */
  public List<Reference> references() {
    return ast.stream()
        .flatMap(Ast::names)
        .map(name -> new Reference(name.path(), source.at(name.start())))
        .toList();
  }

  /** As it was written. */
  public String text() {
    return source.text();
  }

  public Place at() {
    return source.start();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Expression that && source.equals(that.source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return text();
  }
}
