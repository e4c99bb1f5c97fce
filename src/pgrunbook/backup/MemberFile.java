package pgrunbook.backup;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/**
 * One file of a directory archive, read once: its hash, and whether its data is whole as far as
 * that can be known without a manifest.
 *
 * @param damage what is wrong with it
 */
record MemberFile(String name, long size, String sha256, Optional<String> damage) {
  /** Rows of a table; the number is that of the entry in the table of contents. */
  static final Pattern TABLE = Pattern.compile("(\\d+)\\.dat(\\.gz|\\.lz4|\\.zst)?");

  private static final int BUFFER = 1 << 18;
  private static final String COPY_END = "\\.\n\n\n";
  private static final String INSERTS_END = "\n\n";

  static MemberFile read(Path file, LongConsumer progress) throws IOException {
    var name = String.valueOf(file.getFileName());
    var digest = Digests.sha256();
    var size = 0L;
    var data = new Data();
    Optional<String> damage = Optional.empty();
    try (var raw = Files.newInputStream(file)) {
      var in = new Hashing(raw, digest, progress);
      try {
        var unpacked = name.endsWith(".gz") ? new GzipMembers(in) : in;
        data.readAll(unpacked);
      } catch (ZipException | EOFException e) {
        damage = Optional.ofNullable(e.getMessage());
      }
      in.transferTo(OutputStream.nullOutputStream());
      size = in.read;
    }
    if (damage.isEmpty()) {
      damage = data.damage(name, size);
    }
    return new MemberFile(name, size, Digests.hex(digest), damage);
  }

  /** The first and the last bytes of what was read. */
  private static final class Data {
    private String head = "";
    private String tail = "";

    void readAll(InputStream in) throws IOException {
      var buffer = new byte[BUFFER];
      for (var n = in.readNBytes(buffer, 0, BUFFER); n > 0; n = in.readNBytes(buffer, 0, BUFFER)) {
        var text = new String(buffer, 0, Math.min(n, 16), StandardCharsets.ISO_8859_1);
        head = head.isEmpty() ? text : head;
        var from = Math.max(0, n - 8);
        var last = tail + new String(buffer, from, n - from, StandardCharsets.ISO_8859_1);
        tail = last.substring(Math.max(0, last.length() - 8));
      }
    }

    Optional<String> damage(String name, long size) {
      var table = TABLE.matcher(name);
      if (!table.matches()) {
        return Optional.empty();
      }
      if (size == 0) {
        return Optional.of("it is empty, and even a table without rows has an end marker");
      }
      if (name.endsWith(".lz4") || name.endsWith(".zst")) {
        return Optional.empty();
      }
      var whole =
          tail.endsWith("\n" + COPY_END)
              || tail.equals(COPY_END)
              || (head.startsWith("INSERT INTO ") && tail.endsWith(";\n" + INSERTS_END))
              || (head.isBlank() && tail.equals(INSERTS_END));
      return whole
          ? Optional.empty()
          : Optional.of("its data does not end with the end marker '\\.': it is cut off");
    }
  }

  /** Hashes what passes. */
  static final class Hashing extends FilterInputStream {
    private final MessageDigest digest;
    private final LongConsumer progress;
    private long read;

    Hashing(InputStream in, MessageDigest digest, LongConsumer progress) {
      super(in);
      this.digest = digest;
      this.progress = progress;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      var n = super.read(bytes, offset, length);
      if (n > 0) {
        digest.update(bytes, offset, n);
        read += n;
        progress.accept(n);
      }
      return n;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    long bytes() {
      return read;
    }
  }
}
