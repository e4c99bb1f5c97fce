package pgrunbook.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import pgrunbook.text.Place;
import pgrunbook.text.Problems;

/**
 * A text with <code>${…}</code> in it. One that is a single expression has that expression's type,
 * any other is a text; <code>$${</code> stands for <code>${</code> itself.
 */
public final class Template {
  private static final int MOST_EXPRESSIONS = 1000;
  private static final int LONGEST = 1 << 20;

  private final Source source;
  private final List<Part> parts;

  /** Said when it was parsed; there is nothing to evaluate. */
  private final boolean broken;

  private Template(Source source, List<Part> parts, boolean broken) {
    this.source = source;
    this.parts = List.copyOf(parts);
    this.broken = broken;
  }

  private sealed interface Part {
    record Text(String text) implements Part {}

    record Computed(Ast ast) implements Part {}
  }

  /**
   * Finds the expressions in a text.
   *
   * @param at where the text begins in its file
   */
  public static Template parse(String text, Place at, Problems problems) {
    var source = new Source(text, at);
    var parts = new ArrayList<Part>();
    var broken = false;
    var plain = new StringBuilder();
    var i = 0;
    while (i < text.length()) {
      if (text.startsWith("$${", i)) {
        plain.append("${");
        i += 3;
      } else if (text.startsWith("${", i)) {
        addText(parts, plain);
        if (parts.size() > MOST_EXPRESSIONS) {
          problems.add(at, "more than " + MOST_EXPRESSIONS + " expressions and texts in one value");
          return new Template(source, List.of(), true);
        }
        try {
          var parsed = Parser.upToBrace(source, i + 2);
          parts.add(new Part.Computed(parsed.ast()));
          i = parsed.end();
        } catch (SyntaxError error) {
          problems.add(error.problem());
          broken = true;
          var brace = text.indexOf('}', Math.max(error.offset(), i));
          i = brace < 0 ? text.length() : brace + 1;
        }
      } else {
        plain.append(text.charAt(i++));
      }
    }
    addText(parts, plain);
    return new Template(source, parts, broken);
  }

  private static void addText(List<Part> parts, StringBuilder plain) {
    if (!plain.isEmpty()) {
      parts.add(new Part.Text(plain.toString()));
      plain.setLength(0);
    }
  }

  /** The value, or nothing where there are problems. */
  public Optional<Late<Object>> evaluate(Scope scope, Problems problems) {
    if (broken) {
      return Optional.empty();
    }
    var evaluator = new Evaluator(source, scope, problems);
    if (parts.size() == 1 && parts.getFirst() instanceof Part.Computed(var ast)) {
      return evaluator.evaluate(ast);
    }
    var shown = new StringBuilder();
    var from = new TreeSet<String>();
    var pending = false;
    var complete = true;
    for (var part : parts) {
      switch (part) {
        case Part.Text(var text) -> shown.append(text);
        case Part.Computed(var ast) -> {
          var late = evaluator.evaluate(ast).filter(l -> joins(ast, l, problems));
          complete &= late.isPresent();
          late.ifPresent(l -> shown.append(l.shown()));
          if (late.orElse(null) instanceof Late.Pending<Object>(_, var steps)) {
            pending = true;
            from.addAll(steps);
          }
        }
      }
      if (shown.length() > LONGEST) {
        problems.add(source.at(0), "what it stands for is longer than 1 MB", "is it one text?");
        return Optional.empty();
      }
    }
    if (!complete) {
      return Optional.empty();
    }
    return Optional.of(
        pending ? new Late.Pending<>(shown.toString(), from) : Late.known(shown.toString()));
  }

  private boolean joins(Ast ast, Late<Object> late, Problems problems) {
    if (late instanceof Late.Known<Object>(List<?> _)) {
      problems.add(source.at(ast.start()), "a list cannot be part of a text");
      return false;
    }
    return true;
  }

  /** Whether there is anything to evaluate. */
  public boolean hasExpressions() {
    return broken || parts.stream().anyMatch(Part.Computed.class::isInstance);
  }

  /** The names that its expressions use, in the order in which they are written. */
  public List<Reference> references() {
    return parts.stream()
        .<Ast>mapMulti((part, next) -> {
          if (part instanceof Part.Computed(var ast)) {
            next.accept(ast);
          }
        })
        .flatMap(Ast::names)
        .map(name -> new Reference(name.path(), source.at(name.start())))
        .toList();
  }
}
