package pgrunbook.expression;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import pgrunbook.expression.Ast.Operator;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

/** Computes what an expression stands for; what cannot be computed is a problem. */
final class Evaluator {
  private final Source source;
  private final Scope scope;
  private final Problems problems;

  Evaluator(Source source, Scope scope, Problems problems) {
    this.source = source;
    this.scope = scope;
    this.problems = problems;
  }

  /** What came out of a part; a missing value is no problem yet, as a default may follow. */
  private sealed interface Outcome {
    record Value(Late<Object> late) implements Outcome {}

    record Missing(Problem problem) implements Outcome {}

    record Broken() implements Outcome {}
  }

  Optional<Late<Object>> evaluate(Ast ast) {
    return switch (outcome(ast)) {
      case Outcome.Value(var late) -> Optional.of(late);
      case Outcome.Missing(var problem) -> {
        problems.add(problem);
        yield Optional.empty();
      }
      case Outcome.Broken() -> Optional.empty();
    };
  }

  /** As <code>evaluate</code>, but anything except true and false is a problem. */
  Optional<Late<Boolean>> condition(Ast ast) {
    return evaluate(ast).flatMap(late -> bool(ast, late));
  }

  private Optional<Late<Boolean>> bool(Ast ast, Late<Object> late) {
    return switch (late) {
      case Late.Pending<Object>(var shown, var from) ->
          Optional.of(new Late.Pending<>(shown, from));
      case Late.Known<Object>(Boolean value) -> Optional.of(Late.known(value));
      case Late.Known<Object>(var value) -> {
        problems.add(source.at(ast.start()), "expected true or false, found " + Kinds.of(value));
        yield Optional.empty();
      }
    };
  }

  private Outcome outcome(Ast ast) {
    return switch (ast) {
      case Ast.Literal(var value, _, _) -> new Outcome.Value(Late.known(value));
      case Ast.Name name -> find(name);
      case Ast.Not(var operand, _, _) -> of(condition(operand).map(late -> negated(ast, late)));
      case Ast.Binary binary ->
          switch (binary.operator()) {
            case OTHERWISE -> otherwise(binary);
            case AND -> of(joined(binary, false));
            case OR -> of(joined(binary, true));
            case EQUAL, UNEQUAL, LESS, AT_MOST, MORE, AT_LEAST -> of(compared(binary));
          };
    };
  }

  private static Outcome of(Optional<Late<Object>> late) {
    return late.<Outcome>map(Outcome.Value::new).orElseGet(Outcome.Broken::new);
  }

  private Outcome find(Ast.Name name) {
    var at = source.at(name.start());
    return switch (scope.find(name.path())) {
      case Scope.Found.Is(var value) -> new Outcome.Value(Late.known(value));
      case Scope.Found.Pending(var shown, var from) ->
          new Outcome.Value(new Late.Pending<>(shown, from));
      case Scope.Found.Absent() -> {
        var text = String.join(".", name.path());
        var hint = "set it, or give a default: ${" + text + " ?? 'default'}";
        yield new Outcome.Missing(
            new Problem(at, "'" + text + "' has no value", Optional.of(hint)));
      }
      case Scope.Found.Unknown(var what, var hint) -> {
        problems.add(new Problem(at, what, hint));
        yield new Outcome.Broken();
      }
    };
  }

  private Late<Object> negated(Ast ast, Late<Boolean> operand) {
    return switch (operand) {
      case Late.Known<Boolean>(var value) -> Late.known(!value);
      case Late.Pending<Boolean>(_, var from) -> pending(ast, from);
    };
  }

  private Outcome otherwise(Ast.Binary binary) {
    return switch (outcome(binary.left())) {
      case Outcome.Missing _ -> outcome(binary.right());
      case Outcome.Value value -> value;
      case Outcome.Broken broken -> broken;
    };
  }

  /** And, or: the side that is known may decide, whichever it is. */
  private Optional<Late<Object>> joined(Ast.Binary binary, boolean decides) {
    var left = condition(binary.left());
    if (left.isPresent() && isKnown(left.get(), decides)) {
      return Optional.of(Late.known(decides));
    }
    var right = condition(binary.right());
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    if (isKnown(right.get(), decides)) {
      return Optional.of(Late.known(decides));
    }
    if (left.get() instanceof Late.Known && right.get() instanceof Late.Known) {
      return Optional.of(Late.known(!decides));
    }
    return Optional.of(pending(binary, fromBoth(left.get(), right.get())));
  }

  private static boolean isKnown(Late<Boolean> late, boolean value) {
    return late instanceof Late.Known<Boolean>(var known) && known == value;
  }

  private Optional<Late<Object>> compared(Ast.Binary binary) {
    var left = evaluate(binary.left());
    var right = evaluate(binary.right());
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    if (left.get() instanceof Late.Known<Object>(var a)
        && right.get() instanceof Late.Known<Object>(var b)) {
      return compare(binary, a, b).map(Late::known);
    }
    return Optional.of(pending(binary, fromBoth(left.get(), right.get())));
  }

  private Optional<Object> compare(Ast.Binary binary, Object a, Object b) {
    var operator = binary.operator();
    if (a instanceof Number x && b instanceof Number y) {
      return Optional.of(holds(operator, Kinds.compare(x, y)));
    }
    var ordered = operator != Operator.EQUAL && operator != Operator.UNEQUAL;
    if (ordered || !Kinds.of(a).equals(Kinds.of(b))) {
      problems.add(mismatch(binary, a, b));
      return Optional.empty();
    }
    return Optional.of(a.equals(b) == (operator == Operator.EQUAL));
  }

  private Problem mismatch(Ast.Binary binary, Object a, Object b) {
    var sign = binary.operator().sign();
    var ordered = !sign.equals("==") && !sign.equals("!=");
    var what = "'" + sign + "' cannot compare " + Kinds.of(a) + " with " + Kinds.of(b);
    var hint = ordered ? "it compares numbers only" : "both sides have to be of one kind";
    return new Problem(source.at(binary.start()), what, Optional.of(hint));
  }

  private static boolean holds(Operator operator, int order) {
    return switch (operator) {
      case EQUAL -> order == 0;
      case UNEQUAL -> order != 0;
      case LESS -> order < 0;
      case AT_MOST -> order <= 0;
      case MORE -> order > 0;
      case AT_LEAST -> order >= 0;
      case AND, OR, OTHERWISE -> throw new IllegalArgumentException("not a comparison");
    };
  }

  private static Set<String> fromBoth(Late<?> left, Late<?> right) {
    var from = new TreeSet<String>();
    for (var late : List.of(left, right)) {
      if (late instanceof Late.Pending<?>(_, var steps)) {
        from.addAll(steps);
      }
    }
    return from;
  }

  private Late<Object> pending(Ast ast, Set<String> from) {
    return new Late.Pending<>("‹" + source.text().substring(ast.start(), ast.end()) + "›", from);
  }
}
