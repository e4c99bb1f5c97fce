package pgrunbook.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pgrunbook.text.Masking;

/**
 * A log that only its owner can read, without secrets, of bounded size: its beginning is written at
 * once, its end when it is closed, with a note of how much is missing between them. A log that
 * cannot be written stops nobody: {@link #failure} says so.
 */
public final class BoundedLog implements OutputSink, AutoCloseable {
  public static final long LIMIT = 10L * 1024 * 1024;
  private static final long LONGEST_TAIL = 1024 * 1024;

  private final Path file;
  private final Masking masking;
  private final long tailLimit;
  private final LineSplitter fragments;
  private final Deque<byte[]> tail = new ArrayDeque<>();
  private long headRoom;
  private long tailBytes;
  private long leftOut;
  private @Nullable OutputStream out;
  private @Nullable IOException failure;

  /** Opens the log, at its end where it exists. */
  public BoundedLog(Path file, Masking masking, long limitBytes) {
    this.file = file;
    this.masking = masking;
    this.tailLimit = Math.min(limitBytes / 2, LONGEST_TAIL);
    this.headRoom = limitBytes - tailLimit;
    this.fragments = new LineSplitter(this::line, _ -> {});
    try {
      this.out = open(file);
    } catch (IOException e) {
      this.failure = e;
    }
  }

  public BoundedLog(Path file, Masking masking) {
    this(file, masking, LIMIT);
  }

  public Path file() {
    return file;
  }

  @Override
  public synchronized void line(String line) {
    for (var part : withoutCutSecret(line).split("\n", -1)) {
      var time = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      add((time + " " + masking.mask(part) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Adds a part of a line; it is held back until the line is whole, so that it can be masked. */
  public synchronized void fragment(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    fragments.write(bytes, 0, bytes.length);
  }

  /** Why what was logged is not in the file. */
  public synchronized Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public synchronized void close() {
    fragments.close();
    if (out == null) {
      return;
    }
    if (leftOut > 0) {
      write(("… " + leftOut + " lines left out …\n").getBytes(StandardCharsets.UTF_8));
    }
    tail.forEach(this::write);
    tail.clear();
    try {
      out.close();
    } catch (IOException e) {
      failure = e;
    }
    out = null;
  }

  private static OutputStream open(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    return Files.newOutputStream(file, StandardOpenOption.APPEND);
  }

  /** The end of a line that was cut may be the beginning of a secret. */
  private String withoutCutSecret(String line) {
    return line.endsWith(LineSplitter.CUT)
        ? line.substring(
                0, Math.max(0, line.length() - LineSplitter.CUT.length() - masking.longest()))
            + LineSplitter.CUT
        : line;
  }

  private void add(byte[] entry) {
    if (tail.isEmpty() && entry.length <= headRoom) {
      headRoom -= entry.length;
      write(entry);
      return;
    }
    tail.addLast(entry);
    tailBytes += entry.length;
    while (tailBytes > tailLimit && tail.size() > 1) {
      tailBytes -= tail.removeFirst().length;
      leftOut++;
    }
  }

  private void write(byte[] bytes) {
    if (out == null || failure != null) {
      return;
    }
    try {
      out.write(bytes);
    } catch (IOException e) {
      failure = e;
    }
  }
}
