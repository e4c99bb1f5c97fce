package pgrunbook.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import pgrunbook.text.Place;
import pgrunbook.text.Problems;

/** Writes and reads the manifests that lie beside backups. */
public final class Manifests {
  private static final String SUFFIX = ".manifest.json";
  private static final String HINT =
      "take another backup; or move the manifest away and have the content checked without it";

  /** Nobody writes a manifest as large as this. */
  private static final long MOST_BYTES = 64L << 20;

  private Manifests() {}

  /** Whether a file of that name is one, or was to be one. */
  static boolean isManifest(String name) {
    return name.endsWith(SUFFIX);
  }

  /** Where the manifest of a backup lies: <code>BACKUP.manifest.json</code>. */
  public static Path beside(Path backup) {
    return backup.resolveSibling(backup.getFileName() + SUFFIX);
  }

  /** Whose manifest it is. */
  static Path backupOf(Path manifest) {
    var name = String.valueOf(manifest.getFileName());
    return manifest.resolveSibling(name.substring(0, name.length() - SUFFIX.length()));
  }

  /**
   * Writes it beside the backup, readable by its owner only, so that after a crash it is there
   * wholly or not at all. Its name is returned.
   */
  public static Path write(Path backup, Manifest manifest) throws IOException {
    var file = beside(backup);
    var part = file.resolveSibling(file.getFileName() + ".part");
    var bytes =
        Json.MAPPER
            .writerWithDefaultPrettyPrinter()
            .writeValueAsBytes(ManifestJson.write(manifest));
    Files.deleteIfExists(part);
    try {
      writeSynced(part, bytes);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part); // a full disk has left part of it
    }
    syncFolder(file);
    return file;
  }

  private static void writeSynced(Path part, byte[] bytes) throws IOException {
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (var channel = FileChannel.open(part, options, mode)) {
      for (var buffer = ByteBuffer.wrap(bytes); buffer.hasRemaining(); ) {
        channel.write(buffer);
      }
      channel.force(true);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("somebody else writes " + part, e);
    }
  }

  private static void syncFolder(Path file) throws IOException {
    var folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Reads a manifest file; that there is none is no problem, that it is damaged is one. */
  public static Optional<Manifest> read(Path file, Problems problems) {
    var place = Place.in(file.toString());
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MOST_BYTES) {
        problems.add(place, "the manifest is no ordinary file", HINT);
        return Optional.empty();
      }
      return Optional.of(ManifestJson.read(ManifestJson.parse(Files.readAllBytes(file))));
    } catch (JsonProcessingException e) {
      problems.add(place, "the manifest is damaged: " + e.getOriginalMessage(), HINT);
    } catch (Json.Wrong e) {
      problems.add(place, "the manifest is damaged: " + e.getMessage(), HINT);
    } catch (IOException e) {
      problems.add(place, "the manifest can't be read: " + e.getMessage(), "check its permissions");
    }
    return Optional.empty();
  }
}
