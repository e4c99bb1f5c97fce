package pgrunbook.journal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * The journal on disk, one JSON object a line. A thread of its own writes and syncs, because an
 * interrupt of the writing thread would close the file.
 */
public final class DiskJournal implements Journal, AutoCloseable {
  private final Path file;
  private final Clock clock;
  private final FileOutputStream out;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("journal").factory());
  private String sum;
  private long number;
  private boolean broken;

  private DiskJournal(Path file, Clock clock, JournalFile before) throws IOException {
    this.file = file;
    this.clock = clock;
    this.sum = before.sum();
    this.number = before.count();
    this.out = new FileOutputStream(file.toFile(), true);
  }

  /**
   * Opens the journal for more entries; makes it where there is none. An unfinished last line is
   * moved into a file beside the journal and said in an entry of its own.
   */
  public static DiskJournal open(Path file, Clock clock) {
    return open(file, clock, _ -> {});
  }

  /**
   * The same.
   *
   * @param each hears every entry that is there already
   */
  public static DiskJournal open(Path file, Clock clock, Consumer<Entry> each) {
    try {
      if (Files.notExists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        syncFolder(file);
      }
      var before = JournalFile.read(file, each);
      if (before.torn() > 0) {
        setTornLineAside(file, before);
      }
      var journal = new DiskJournal(file, clock, before);
      if (before.torn() > 0) {
        journal.append("torn_line", data -> data.put("bytes", before.torn()));
      }
      return journal;
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static void setTornLineAside(Path file, JournalFile before) throws IOException {
    var aside = file.resolveSibling(file.getFileName() + ".torn-" + before.wholeBytes());
    Files.write(aside, before.tornBytes(file));
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(before.wholeBytes());
      channel.force(true);
    }
  }

  @Override
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public Entry append(String event, ObjectNode data) {
    try {
      return CompletableFuture.supplyAsync(() -> write(event, data), writer).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof JournalException said ? said : cannotWrite(file, e);
    }
  }

  private Entry write(String event, ObjectNode data) {
    if (broken) {
      throw new JournalException(
          "the journal " + file + " could not be written before", "pick the run up with 'resume'");
    }
    var entry = new Entry(number + 1, now(), event, data);
    var line = Line.write(entry, sum);
    try {
      out.write((line.text() + "\n").getBytes(StandardCharsets.UTF_8));
      out.getFD().sync();
    } catch (IOException e) {
      broken = true; // part of the line may be there: the next process sets it aside
      throw cannotWrite(file, e);
    }
    number = entry.number();
    sum = line.sum();
    return entry;
  }

  private static JournalException cannotWrite(Path file, Throwable e) {
    return new JournalException(
        "cannot write the journal " + file + ": " + e.getMessage(),
        "is the disk full, or the folder read-only? Nothing goes on without its journal; when it can"
            + " be written again: 'status', then 'resume'",
        e);
  }

  /** Makes a new file's name as lasting as its content. */
  private static void syncFolder(Path file) throws IOException {
    try (var folder = FileChannel.open(file.toAbsolutePath().getParent())) {
      folder.force(true);
    }
  }

  @Override
  public void close() {
    writer.shutdown();
    try {
      out.close();
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }
}
