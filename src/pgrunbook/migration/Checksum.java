package pgrunbook.migration;

import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * Flyway's checksum of a migration: of its lines, so that line ends don't count; a byte order mark
 * doesn't either, and is not to be given.
 */
final class Checksum implements java.util.zip.Checksum {
  private final CRC32 crc = new CRC32();
  private long bytes;

  /** What is read of it is summed up. */
  InputStream of(InputStream utf8) {
    return new CheckedInputStream(utf8, this);
  }

  @Override
  public void update(int b) {
    update(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void update(byte[] buffer, int offset, int length) {
    bytes += length;
    var from = offset;
    for (var at = offset; at < offset + length; at++) {
      if (buffer[at] == '\n' || buffer[at] == '\r') {
        crc.update(buffer, from, at - from);
        from = at + 1;
      }
    }
    crc.update(buffer, from, offset + length - from);
  }

  @Override
  public long getValue() {
    return crc.getValue();
  }

  @Override
  public void reset() {
    crc.reset();
    bytes = 0;
  }

  int value() {
    return (int) crc.getValue();
  }

  long bytes() {
    return bytes;
  }
}
