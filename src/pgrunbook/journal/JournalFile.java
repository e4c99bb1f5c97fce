package pgrunbook.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A journal as it stands on disk.
 *
 * @param count of its whole lines
 * @param sum what the next line is chained to
 * @param wholeBytes where the whole lines end
 * @param torn how many bytes of an unfinished last line follow; its event never was in force
 */
public record JournalFile(long count, String sum, long wholeBytes, long torn) {
  /** The format that this version writes, in the first entry's <code>version</code>. */
  public static final int VERSION = 1;

  private static final int BUFFER = 1 << 16;

  /**
   * Reads a journal line by line and checks the chain of its lines.
   *
   * @param each hears every entry, in a file that may turn out to be damaged further down
   * @throws JournalException where a line in the middle was changed or damaged, or the journal was
   *     written by a newer version
   */
  public static JournalFile read(Path file, Consumer<Entry> each) {
    try (var in = Files.newInputStream(file)) {
      return read(file, in, each);
    } catch (IOException e) {
      throw new JournalException(
          "cannot read the journal " + file, "does this user own the runs folder?", e);
    }
  }

  /** The same for somebody who only wants to know that it is whole. */
  public static JournalFile read(Path file) {
    return read(file, _ -> {});
  }

  private static JournalFile read(Path file, InputStream in, Consumer<Entry> each)
      throws IOException {
    var buffer = new byte[BUFFER];
    var line = new ByteArrayOutputStream();
    var count = 0L;
    var whole = 0L;
    var sum = Line.FIRST_SUM;
    for (var n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      var start = 0;
      for (var end = endOfLine(buffer, 0, n); end >= 0; end = endOfLine(buffer, start, n)) {
        line.write(buffer, start, end - start);
        count++;
        whole += line.size() + 1;
        var read = Line.read(line.toString(StandardCharsets.UTF_8), sum);
        line.reset();
        if (read.isEmpty()) {
          throw changed(file, count);
        }
        if (count == 1) {
          checkVersion(file, read.get().entry());
        }
        each.accept(read.get().entry());
        sum = read.get().sum();
        start = end + 1;
      }
      line.write(buffer, start, n - start);
    }
    return new JournalFile(count, sum, whole, line.size());
  }

  private static JournalException changed(Path file, long line) {
    return new JournalException(
        file + ":" + line + ": this line is not what was written here",
        "the journal was edited or the disk damaged it; put back the original, or look at the target"
            + " yourself and use 'abandon' with a reason");
  }

  private static void checkVersion(Path file, Entry first) {
    var version = first.data().path("version").asInt();
    if (version > VERSION) {
      throw new JournalException(
          file + " was written by a newer pgrunbook (journal version " + version + ")",
          "use that version for this run");
    }
  }

  private static int endOfLine(byte[] bytes, int from, int to) {
    for (var i = from; i < to; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** The bytes of the unfinished last line. */
  byte[] tornBytes(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      in.skipNBytes(wholeBytes);
      return in.readAllBytes();
    }
  }
}
