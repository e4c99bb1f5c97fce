package pgrunbook.migration;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/**
 * Flyway's checksum of a migration: of its lines, so that line ends don't count; a byte order mark
 * doesn't either, and is not to be given.
 */
final class Checksum {
  private final CRC32 crc = new CRC32();
  private long bytes;

  /** What is read of it is summed up. */
  InputStream of(InputStream utf8) {
    return new FilterInputStream(utf8) {
      @Override
      public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        var n = super.read(buffer, offset, length);
        add(buffer, offset, Math.max(0, n));
        return n;
      }
    };
  }

  private void add(byte[] buffer, int offset, int length) {
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

  int value() {
    return (int) crc.getValue();
  }

  long bytes() {
    return bytes;
  }
}
