package pgrunbook.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A journal as it stands on disk.
 *
 * @param entries its whole lines
 * @param sum what the next line is chained to
 * @param wholeBytes where the whole lines end
 * @param torn how many bytes of an unfinished last line follow; its event never was in force
 */
public record JournalFile(List<Entry> entries, String sum, long wholeBytes, long torn) {
  /** The format that this version writes, in the first entry's <code>version</code>. */
  public static final int VERSION = 1;

  /**
   * Reads a journal and checks the chain of its lines.
   *
   * @throws JournalException where a line in the middle was changed or damaged, or the journal was
   *     written by a newer version
   */
  public static JournalFile read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new JournalException(
          "cannot read the journal " + file, "does this user own the runs folder?", e);
    }
    return read(file, bytes);
  }

  private static JournalFile read(Path file, byte[] bytes) {
    var entries = new ArrayList<Entry>();
    var sum = Line.FIRST_SUM;
    var start = 0;
    for (var end = endOfLine(bytes, 0); end >= 0; end = endOfLine(bytes, start)) {
      var text = new String(bytes, start, end - start, StandardCharsets.UTF_8);
      var line = Line.read(text, sum);
      if (line.isEmpty()) {
        throw changed(file, entries.size() + 1);
      }
      entries.add(line.get().entry());
      sum = line.get().sum();
      start = end + 1;
    }
    checkVersion(file, entries);
    return new JournalFile(List.copyOf(entries), sum, start, bytes.length - (long) start);
  }

  private static JournalException changed(Path file, int line) {
    return new JournalException(
        file + ":" + line + ": this line is not what was written here",
        "the journal was edited or the disk damaged it; put back the original, or look at the target"
            + " yourself and use 'abandon' with a reason");
  }

  private static void checkVersion(Path file, List<Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    var version = entries.getFirst().data().path("version").asInt();
    if (version > VERSION) {
      throw new JournalException(
          file + " was written by a newer pgrunbook (journal version " + version + ")",
          "use that version for this run");
    }
  }

  private static int endOfLine(byte[] bytes, int from) {
    for (var i = from; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** The bytes of the unfinished last line. */
  byte[] tornBytes(Path file) throws IOException {
    var bytes = Files.readAllBytes(file);
    return Arrays.copyOfRange(bytes, (int) wholeBytes, bytes.length);
  }
}
