package pgrunbook.sql;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** The beginning of a token's text: as much as anybody wants to know of it. */
final class ShortText {
  private static final int LONGEST = 1024;

  private final byte[] bytes = new byte[LONGEST];
  private int length;
  private Charset encoding = StandardCharsets.UTF_8;

  /** From here on, text is written in this encoding. */
  void encoding(Charset charset) {
    encoding = charset;
  }

  void clear() {
    length = 0;
  }

  void keep(byte b) {
    if (length < LONGEST) {
      bytes[length++] = b;
    }
  }

  boolean isEmpty() {
    return length == 0;
  }

  boolean isFull() {
    return length == LONGEST;
  }

  /** Whether it is this one letter, in either case. */
  boolean isLetter(char letter) {
    return length == 1 && (bytes[0] | 0x20) == letter;
  }

  String text() {
    return new String(bytes, 0, length, encoding);
  }

  /** The delimiter of a dollar quote whose tag this is. */
  byte[] delimiter() {
    return ("$" + text() + "$").getBytes(encoding);
  }
}
