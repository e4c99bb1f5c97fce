package pgrunbook.backup;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;

/** What Java calls the encodings of PostgreSQL. */
final class Encodings {
  private Encodings() {}

  /** UTF-8 where there is no such charset; then names with more than ASCII are not recognised. */
  static Charset charset(String encoding) {
    var name = encoding.toUpperCase(Locale.ROOT);
    var java =
        switch (name) {
          case "LATIN1", "LATIN2", "LATIN3", "LATIN4" -> "ISO-8859-" + name.substring(5);
          case "LATIN5" -> "ISO-8859-9";
          case "LATIN7" -> "ISO-8859-13";
          case "LATIN9" -> "ISO-8859-15";
          case "ISO_8859_5", "ISO_8859_6", "ISO_8859_7", "ISO_8859_8" -> name.replace('_', '-');
          case "WIN866" -> "IBM866";
          case "WIN874" -> "x-windows-874";
          case "KOI8R" -> "KOI8-R";
          case "KOI8U" -> "KOI8-U";
          case "EUC_CN" -> "GB2312";
          default -> name.startsWith("WIN1") ? name.replace("WIN", "windows-") : name;
        };
    try {
      return Charset.forName(java.replace('_', '-'));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
      return StandardCharsets.UTF_8;
    }
  }
}
