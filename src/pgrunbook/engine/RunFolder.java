package pgrunbook.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import pgrunbook.text.Refused;

/**
 * The folder of one run: its journal, its copies of what it was made from, and its logs. Only its
 * owner can read it.
 *
 * @param path <code>.pgrunbook/runs/ID</code>
 */
public record RunFolder(Path path) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
  private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
  private static final int RANDOM_LETTERS = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Where a project's runs lie. */
  public static Path runs(Path project) {
    return project.resolve(".pgrunbook").resolve("runs");
  }

  /** A new id: the time in UTC and four letters. */
  public static String newId(Instant now) {
    var id = new StringBuilder(TIME.format(now)).append('-');
    for (var i = 0; i < RANDOM_LETTERS; i++) {
      id.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return id.toString();
  }

  /**
   * Makes the folder of a new run.
   *
   * @throws Refused where it can't be made
   */
  public static RunFolder create(Path runs, String id) {
    var owner = PosixFilePermissions.fromString("rwx------");
    try {
      Files.createDirectories(runs, PosixFilePermissions.asFileAttribute(owner));
      keepOutOfGit(runs.resolveSibling(".").normalize());
      var path = runs.resolve(id);
      Files.createDirectory(path, PosixFilePermissions.asFileAttribute(owner));
      Files.createDirectory(path.resolve("logs"), PosixFilePermissions.asFileAttribute(owner));
      for (var folder : List.of(runs, runs.resolve(".."), runs.resolve("../.."))) {
        sync(folder); // the first run has made the ones above, too
      }
      return new RunFolder(path);
    } catch (IOException e) {
      throw new Refused(
          "cannot make the run's folder in " + runs + ": " + e.getMessage(),
          "the journal is written there before anything is touched; is the disk full or the folder"
              + " read-only?");
    }
  }

  /** Runs hold what only their owner may read. */
  private static void keepOutOfGit(Path folder) throws IOException {
    var ignore = folder.resolve(".gitignore");
    if (folder.endsWith(".pgrunbook") && Files.notExists(ignore)) {
      Files.createFile(
          ignore,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        Files.writeString(ignore, "*\n");
      } catch (IOException e) {
        Files.delete(ignore); // an empty one keeps nothing out, and would stay
        throw e;
      }
    }
  }

  private static void sync(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder)) {
      channel.force(true);
    }
  }

  public String id() {
    return path.getFileName().toString();
  }

  public Path journal() {
    return path.resolve("journal.jsonl");
  }

  public Path plan() {
    return path.resolve("plan.json");
  }

  /** The run's own copy of the runbook, whatever that is called. */
  public Path runbook() {
    return path.resolve("runbook.yaml");
  }

  public Path environment() {
    return path.resolve("environment.yaml");
  }

  /** Where the reason stands why a run was given up whose journal can't be read. */
  public Path givenUp() {
    return path.resolve("abandoned.txt");
  }

  public boolean isGivenUp() {
    return Files.exists(givenUp());
  }

  /** The log of a step, or of its undo. */
  public Path log(String step) {
    return path.resolve("logs").resolve(step.replace('/', '.') + ".log");
  }

  /** Writes a file that lasts, readable by its owner only. */
  public void write(Path file, String text) {
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        var bytes = java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      sync(path);
    } catch (IOException e) {
      throw new Refused("cannot write " + file + ": " + e.getMessage(), "is the disk full?");
    }
  }

  /**
   * Keeps other processes from picking the run up at the same time.
   *
   * @throws Refused where another one has it
   */
  public Lock lock() {
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              path.resolve("lock"),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      var lock = Optional.ofNullable(channel.tryLock());
      if (lock.isPresent()) {
        return new Lock(channel, lock.get());
      }
      channel.close();
    } catch (OverlappingFileLockException e) {
      close(channel);
    } catch (IOException e) {
      close(channel);
      throw new Refused("cannot lock " + path + ": " + e.getMessage(), "is the disk full?");
    }
    throw new Refused(
        "run " + id() + " is being carried on by another process",
        "wait for it, or look with 'status'");
  }

  /**
   * Whether a process is carrying the run on right now. A lock that somebody has is left alone; one
   * that nobody has is taken for a moment, shared, so that the folder need not be written to.
   */
  public boolean isAtWork() {
    try (var channel = FileChannel.open(path.resolve("lock"), StandardOpenOption.READ);
        var lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return lock == null;
    } catch (OverlappingFileLockException _) {
      return true;
    } catch (IOException _) {
      return false; // never locked, or of somebody else, whose journal can't be read either
    }
  }

  private static void close(@org.jspecify.annotations.Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  /** A run that nobody else can pick up until this is closed. */
  public record Lock(FileChannel channel, FileLock lock) implements AutoCloseable {
    @Override
    public void close() {
      RunFolder.close(channel);
    }
  }

  /** Removes the folder of a run that never began. */
  public void discard() {
    try (var files = Files.walk(path)) {
      for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      // a run without a first line in its journal counts as none
    }
  }

  /**
   * All runs of a project, oldest first.
   *
   * @throws Refused where that can't be known, as this user may not look there
   */
  public static List<RunFolder> all(Path runs) {
    if (Files.notExists(runs)) {
      return List.of();
    }
    try (var folders = Files.list(runs)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("journal.jsonl")))
          .sorted()
          .map(RunFolder::new)
          .toList();
    } catch (IOException e) {
      throw new Refused("cannot read " + runs + ": " + e.getMessage(), "does this user own it?");
    }
  }
}
