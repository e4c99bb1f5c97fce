package pgrunbook.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.function.LongConsumer;

/** SHA-256, the way backups use it. */
final class Digests {
  private static final int BUFFER = 1 << 20;

  private Digests() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Of a whole file; the consumer hears how many bytes each read gave. */
  static String of(Path file, LongConsumer progress) throws IOException {
    var digest = sha256();
    var buffer = new byte[BUFFER];
    try (var in = Files.newInputStream(file)) {
      for (var n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        progress.accept(n);
      }
    }
    return hex(digest);
  }

  /** A single file's own, so that sha256sum prints the same; else that of the list of all. */
  static String combined(SortedMap<String, String> files) {
    if (files.size() == 1) {
      return files.firstEntry().getValue();
    }
    var digest = sha256();
    files.forEach(
        (name, hex) -> digest.update((hex + "  " + name + "\n").getBytes(StandardCharsets.UTF_8)));
    return hex(digest);
  }
}
