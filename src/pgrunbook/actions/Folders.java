package pgrunbook.actions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;

/** Files and folders of backups, which only their owner may read. */
final class Folders {
  private Folders() {}

  /** An empty file that is new. */
  static void createFile(Path file) throws IOException {
    var mode = PosixFilePermissions.fromString("rw-------");
    Files.createFile(file, PosixFilePermissions.asFileAttribute(mode));
  }

  /** A folder, and those above it. */
  static void createFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      var mode = PosixFilePermissions.fromString("rwx------");
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(mode));
    }
  }

  /** An empty folder that is new. */
  static void createNewFolder(Path folder) throws IOException {
    var mode = PosixFilePermissions.fromString("rwx------");
    Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(mode));
  }

  /** Of a file or of everything in a folder, in bytes. */
  static long size(Path path) {
    try {
      var all = 0L;
      for (var file : files(path)) {
        all += Files.size(file);
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Brings a file, or a folder and all that is in it, to the disk. */
  static void sync(Path path) throws IOException {
    for (var file : files(path)) {
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
    if (Files.isDirectory(path)) {
      syncNames(path);
    }
  }

  /** Brings the names in a folder to the disk. */
  static void syncNames(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Deletes a file, or a folder and all that is in it; it need not be there. */
  static void delete(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(path);
      return;
    }
    try (var all = Files.walk(path)) {
      for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** What the disk of a folder has left, also where the folder itself is not there yet. */
  static long usable(Path folder) throws IOException {
    return Files.getFileStore(existing(folder)).getUsableSpace();
  }

  static boolean canWrite(Path folder) {
    return Files.isWritable(existing(folder));
  }

  private static Path existing(Path folder) {
    var at = folder.toAbsolutePath();
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }

  private static List<Path> files(Path path) throws IOException {
    try (var all = Files.walk(path)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
