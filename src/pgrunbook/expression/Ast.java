package pgrunbook.expression;

import java.util.List;
import java.util.stream.Stream;

/** An expression, parsed; each part knows which characters it was made from. */
sealed interface Ast {
  int start();

  int end();

  record Literal(Object value, int start, int end) implements Ast {}

  record Name(List<String> path, int start, int end) implements Ast {}

  record Not(Ast operand, int start, int end) implements Ast {}

  record Binary(Operator operator, Ast left, Ast right) implements Ast {
    @Override
    public int start() {
      return left.start();
    }

    @Override
    public int end() {
      return right.end();
    }
  }

  /** What stands between two operands. */
  enum Operator {
    EQUAL("=="),
    UNEQUAL("!="),
    LESS("<"),
    AT_MOST("<="),
    MORE(">"),
    AT_LEAST(">="),
    AND("&&"),
    OR("||"),
    OTHERWISE("??");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    String sign() {
      return sign;
    }
  }

  /** The names in it, in the order in which they are written. */
  static Stream<Name> names(Ast ast) {
    return switch (ast) {
      case Literal _ -> Stream.empty();
      case Name name -> Stream.of(name);
      case Not(var operand, _, _) -> names(operand);
      case Binary(_, var left, var right) -> Stream.concat(names(left), names(right));
    };
  }
}
