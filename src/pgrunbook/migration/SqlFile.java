package pgrunbook.migration;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pgrunbook.text.Refused;
import pgrunbook.text.TextFile;

/**
 * The SQL of a file. A large one is read anew whenever somebody wants it, so that its size does not
 * matter, and is refused where it is not any more what was read first: what is shown is what runs.
 * The same text in two files is the same.
 *
 * @param small all of it, where that is not much
 * @param checksum as Flyway computes it and the history keeps it
 * @param bytes without a byte order mark
 * @param shown its first lines, as a plan has them
 */
public record SqlFile(
    Path path,
    String sha256,
    int checksum,
    long bytes,
    boolean isBlank,
    List<String> shown,
    Optional<String> small) {
  private static final int KEPT = 1 << 16;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  public SqlFile {
    shown = List.copyOf(shown);
  }

  /** It is not any more what it was. */
  static final class Changed extends IOException {
    private static final long serialVersionUID = 1;

    Changed(Path path) {
      super(path.getFileName() + " was changed while it was needed: plan again");
    }
  }

  /**
   * Reads it for the first time.
   *
   * @throws java.nio.charset.CharacterCodingException where it is not UTF-8
   */
  static SqlFile read(Path path) throws IOException {
    var digest = digest();
    var checksum = new Checksum();
    var kept = new StringBuilder();
    var head = new ShownLines(String.valueOf(path.getFileName()));
    try (var in = new DigestInputStream(withoutMark(path), digest);
        var reader = new InputStreamReader(checksum.of(in), StandardCharsets.UTF_8.newDecoder())) {
      var buffer = new char[1 << 14];
      for (var n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
        head.accept(buffer, n);
        if (kept.length() <= KEPT) {
          kept.append(buffer, 0, n);
        }
      }
    }
    return new SqlFile(
        path,
        hex(digest),
        checksum.value(),
        checksum.bytes(),
        head.isBlank(),
        head.lines(),
        Optional.of(kept.toString()).filter(it -> it.length() <= KEPT));
  }

  /** One that stands for a file that can't be read, which is a problem of its folder. */
  static SqlFile unreadable(Path path) {
    return new SqlFile(path, "", 0, 0, false, List.of(), Optional.of(""));
  }

  /** Its bytes, from the beginning; where they end and are others, that is an error. */
  InputStream open() throws IOException {
    return small.isPresent()
        ? new ByteArrayInputStream(small.get().getBytes(StandardCharsets.UTF_8))
        : new Same(withoutMark(path));
  }

  Reader reader() throws IOException {
    return new InputStreamReader(open(), StandardCharsets.UTF_8);
  }

  /** All of it, in memory. */
  public String text() {
    try (var in = open()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SqlFile file && file.sha256.equals(sha256);
  }

  @Override
  public int hashCode() {
    return sha256.hashCode();
  }

  /** What it does, as far as its words tell. */
  public SqlFacts facts() {
    try (var in = open()) {
      return SqlFacts.of(in);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private Refused unreadable(IOException e) {
    return new Refused(
        "the migration " + path.getFileName() + " can't be read: " + e.getMessage(),
        "is somebody changing the files?");
  }

  private static InputStream withoutMark(Path path) throws IOException {
    TextFile.requireFile(path);
    var in = new PushbackInputStream(Files.newInputStream(path), BYTE_ORDER_MARK.length);
    var first = in.readNBytes(BYTE_ORDER_MARK.length);
    if (!java.util.Arrays.equals(first, BYTE_ORDER_MARK)) {
      in.unread(first);
    }
    return in;
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Compares what was read once it was. */
  private final class Same extends DigestInputStream {
    private boolean over;

    Same(InputStream in) {
      super(in, SqlFile.digest());
    }

    @Override
    public int read() throws IOException {
      return checked(super.read());
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return checked(super.read(buffer, offset, length));
    }

    private int checked(int read) throws Changed {
      if (read < 0 && !over) {
        over = true;
        if (!hex(getMessageDigest()).equals(sha256)) {
          throw new Changed(path);
        }
      }
      return read;
    }
  }
}
