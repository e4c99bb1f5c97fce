package pgrunbook.starter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;

/** A file for the other repository; one that is there is never written over. */
public sealed interface StarterFile {
  /** Relative to the repository. */
  String path();

  /** What becomes of it. */
  enum Fate {
    WRITTEN,
    EXTENDED,
    KEPT
  }

  record Text(String path, String text, boolean executable) implements StarterFile {}

  record Copy(String path, Path from) implements StarterFile {}

  /** Lines that a file has to have; those that are missing are put behind its own. */
  record Lines(String path, List<String> lines) implements StarterFile {
    public Lines {
      lines = List.copyOf(lines);
    }

    private List<String> missing(Path file) throws IOException {
      if (!Files.exists(file)) {
        return lines;
      }
      var there = Files.readAllLines(file).stream().map(String::strip).toList();
      return lines.stream().filter(line -> !there.contains(line)).toList();
    }
  }

  /**
   * What writing it would do.
   *
   * @throws Refused where that cannot be found out
   */
  default Fate fate(Path folder) {
    var file = folder.resolve(path());
    try {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return Fate.WRITTEN;
      }
      return this instanceof Lines it && Files.isRegularFile(file) && !it.missing(file).isEmpty()
          ? Fate.EXTENDED
          : Fate.KEPT;
    } catch (IOException e) {
      throw refused(e);
    }
  }

  /**
   * Does it. A file has its name when it is whole: one that was cut short would be kept next time.
   *
   * @throws Refused where it can't be written
   */
  default void write(Path folder) {
    var file = folder.resolve(path());
    var unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    try {
      Files.createDirectories(file.getParent());
      switch (this) {
        case Text it -> {
          Files.writeString(unfinished, it.text());
          if (it.executable()) {
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
          }
          Files.move(unfinished, file);
        }
        case Copy it -> {
          Files.copy(it.from(), unfinished, StandardCopyOption.REPLACE_EXISTING);
          Files.move(unfinished, file);
        }
        case Lines it -> append(file, it.missing(file));
      }
    } catch (IOException | UncheckedIOException e) {
      throw refused(e);
    }
  }

  private static void append(Path file, List<String> lines) throws IOException {
    var before = Files.exists(file) ? Files.readString(file) : "";
    var separator = before.isEmpty() ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    Files.write(
        file,
        (separator + "# pgrunbook\n" + String.join("\n", lines) + "\n")
            .getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private Refused refused(Exception e) {
    var why = e instanceof FileAlreadyExistsException ? "something is in its way: " : "";
    return new Refused(
        List.of(
            Problem.of(
                "cannot write " + path() + ": " + why + e.getMessage(), "may you write there?")));
  }
}
