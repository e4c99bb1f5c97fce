package pgrunbook.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

/**
 * Looks at every process of the machine, again and again: whether a canary stands in its arguments,
 * or in the variables of a child that has no business with it.
 */
public final class Watchman implements AutoCloseable {
  /** Programs of PostgreSQL need a password, and have no better way to get it. */
  private static final List<String> PROGRAMS = List.of("psql", "pg_dump", "pg_restore");

  private final List<Canary> canaries;
  private final List<String> allowed;
  private final Set<String> found = new ConcurrentSkipListSet<>();
  private final Set<String> children = new ConcurrentSkipListSet<>();
  private final Thread thread;
  private volatile boolean over;

  /**
   * Begins at once.
   *
   * @param asking parts of the command lines of children that are given them, as they ask for it
   */
  public Watchman(List<Canary> canaries, String... asking) {
    this.canaries = List.copyOf(canaries);
    this.allowed = Stream.concat(PROGRAMS.stream(), Stream.of(asking)).toList();
    this.thread = Thread.ofPlatform().daemon().start(this::watch);
  }

  private void watch() {
    while (!over) {
      try (var all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
        all.forEach(this::look);
      } catch (IOException | java.nio.file.DirectoryIteratorException e) {
        found.add("cannot watch: " + e);
        return;
      }
    }
  }

  private void look(Path process) {
    var words = text(process.resolve("cmdline")).replace('\0', ' ').strip();
    if (isIn(words)) {
      found.add("arguments: " + words);
    }
    if (!isMine(process)) {
      return;
    }
    children.add(words);
    if (isIn(text(process.resolve("environ")))
        && !isAllowed(process)
        && text(process.resolve("cmdline")).replace('\0', ' ').strip().equals(words)) {
      found.add("variables: " + words);
    }
  }

  /** It, or what has started it, was given them. */
  private boolean isAllowed(Path process) {
    return Stream.iterate(
            handle(process), Optional::isPresent, it -> it.flatMap(ProcessHandle::parent))
        .flatMap(Optional::stream)
        .takeWhile(it -> !it.equals(ProcessHandle.current()))
        .map(it -> text(Path.of("/proc", Long.toString(it.pid()), "cmdline")).replace('\0', ' '))
        .anyMatch(words -> allowed.stream().anyMatch(words::contains));
  }

  private boolean isIn(String text) {
    return canaries.stream().anyMatch(canary -> canary.isIn(text));
  }

  private static boolean isMine(Path process) {
    var me = ProcessHandle.current();
    var above = handle(process).flatMap(ProcessHandle::parent);
    while (above.isPresent()) {
      if (above.get().equals(me)) {
        return true;
      }
      above = above.get().parent();
    }
    return false;
  }

  private static Optional<ProcessHandle> handle(Path process) {
    return ProcessHandle.of(Long.parseLong(process.getFileName().toString()));
  }

  /** What a process that ended meanwhile had is of no interest. */
  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return "";
    }
  }

  /** The command lines of the children that it has seen. */
  public Stream<String> children() {
    return children.stream();
  }

  /** What gave a canary away; ends the watch. */
  public Set<String> findings() {
    close();
    return new TreeSet<>(found);
  }

  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
