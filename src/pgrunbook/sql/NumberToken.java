package pgrunbook.sql;

/**
 * Knows where a number ends, and whether every version of psql and of the server ends it there:
 * <code>1e--</code> is the beginning of a comment for some and not for others.
 */
final class NumberToken {
  private byte last;
  private int length;
  private boolean parameter;
  private boolean prefixed;
  private boolean exponent;
  private boolean letters;
  private boolean odd;

  /** Begins with its first digit, or with the <code>$</code> of a parameter. */
  void begin(byte first) {
    last = first;
    length = 1;
    parameter = first == '$';
    prefixed = false;
    exponent = false;
    letters = false;
    odd = false;
  }

  /** Whether this byte belongs to it; then it is taken. */
  boolean takes(byte b) {
    var letter = SqlLexer.isWordStart(b);
    if (letter) {
      letters = true;
      odd |= isOdd(b);
    } else if (!SqlLexer.isDigit(b) && !isDot(b) && !isSign(b)) {
      return false;
    }
    last = b;
    length++;
    return true;
  }

  private boolean isOdd(byte b) {
    if (b == '_') {
      return parameter;
    }
    if (length == 1 && last == '0' && "xXoObB".indexOf(b) >= 0) {
      prefixed = true;
      return false;
    }
    if (prefixed) {
      return Character.digit(b, 16) < 0;
    }
    var first = !exponent && !parameter && (b | 0x20) == 'e';
    exponent |= first;
    return !first;
  }

  /** <code>1..n</code> are two dots behind a number. */
  private boolean isDot(byte b) {
    return b == '.' && last != '.' && !parameter;
  }

  private boolean isSign(byte b) {
    return (b == '+' || b == '-') && endsInExponent() && !prefixed;
  }

  private boolean endsInExponent() {
    return exponent && (last | 0x20) == 'e';
  }

  /** Whether it is no number for everybody, so that what follows it is read in different ways. */
  boolean isOddBefore(byte b) {
    return odd
        || (prefixed && (b == '-' || b == '+' || b == '.'))
        || (exponent && !SqlLexer.isDigit(last) && last != '_')
        || (letters && (b == '\'' || b == '$'));
  }
}
