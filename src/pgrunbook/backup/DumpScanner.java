package pgrunbook.backup;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * One pass over a dump's SQL, in constant memory: what it holds, and what is wrong with it.
 *
 * <p>It reads like psql: quotes, dollar quotes, nested comments and COPY data. So a word inside of
 * them is no command, and a command can't hide behind them.
 */
public final class DumpScanner {
  private static final int BUFFER = 1 << 18;

  /** The first byte of UTF-8's: psql takes it away from a first word, which then is another. */
  private static final byte BYTE_ORDER_MARK = (byte) 0xef;

  private final DumpReader reader;
  private Optional<CopyLines> lines = Optional.empty();
  private boolean nul;
  private boolean begun;

  /**
   * Begins a dump.
   *
   * @param file what problems call it
   */
  public DumpScanner(String file) {
    reader = new DumpReader(file);
  }

  /** Reads a stream to its end and does not close it. */
  public static DumpContents scan(String file, InputStream in) throws IOException {
    return scan(file, in, _ -> {});
  }

  /** The same; the consumer hears how many bytes each read gave. */
  static DumpContents scan(String file, InputStream in, LongConsumer progress) throws IOException {
    var scanner = new DumpScanner(file);
    var buffer = new byte[BUFFER];
    for (var n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      scanner.accept(buffer, 0, n);
      progress.accept(n);
    }
    return scanner.finish();
  }

  /** Takes the next bytes. */
  public void accept(byte[] bytes, int from, int to) {
    if (!begun && from < to) {
      begun = true;
      if (bytes[from] == BYTE_ORDER_MARK) {
        reader.problem(
            "the file begins with a byte order mark", "no pg_dump writes one; save it without");
      }
    }
    var at = from;
    while (at < to) {
      if (lines.isEmpty()) {
        at = reader.lexer().accept(bytes, at, to);
        if (reader.isCopying() && reader.lexer().isAtCopyData()) {
          lines = Optional.of(new CopyLines());
        }
      } else {
        var copy = lines.get();
        at = copy.accept(bytes, at, to);
        nul |= copy.sawNul();
        if (copy.ended()) {
          reader.copied(copy.sums());
          lines = Optional.empty();
        }
      }
    }
  }

  /** Tells what was read, once everything was. */
  public DumpContents finish() {
    return reader.finish(nul);
  }
}
