package pgrunbook.backup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Unpacks gzip, all members of a file, and throws where anything is wrong: a cut, a checksum, a
 * length, bytes behind the end. The JDK's own stream takes garbage behind a member for the end.
 */
final class GzipMembers extends InputStream {
  private static final int BUFFER = 1 << 16;
  private static final int HEADER = 10;
  private static final int DEFLATED = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private boolean open;
  private boolean over;
  private boolean first = true;

  GzipMembers(InputStream in) {
    this.in = in;
  }

  static boolean isGzip(byte[] head) {
    return head.length >= 2 && head[0] == 0x1f && head[1] == (byte) 0x8b;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!over) {
      if (!open && !begin()) {
        over = true;
        break;
      }
      var n = inflate(into, offset, length);
      if (n > 0) {
        return n;
      }
    }
    return -1;
  }

  private int inflate(byte[] into, int offset, int length) throws IOException {
    try {
      var n = inflater.inflate(into, offset, length);
      crc.update(into, offset, n);
      if (inflater.finished()) {
        at = end - inflater.getRemaining();
        trailer();
      } else if (n == 0) {
        if (inflater.needsDictionary()) {
          throw new ZipException("it needs a dictionary");
        }
        if (!fill()) {
          throw new EOFException("it is cut off");
        }
        inflater.setInput(buffer, 0, end);
      }
      return n;
    } catch (DataFormatException e) {
      throw new ZipException("its compressed data is damaged (" + e.getMessage() + ")");
    }
  }

  private boolean begin() throws IOException {
    if (at == end && !fill()) {
      if (first) {
        throw new EOFException("it is empty");
      }
      return false;
    }
    if (buffer[at] != 0x1f) {
      throw new ZipException(first ? "it is no gzip" : "there is garbage behind its end");
    }
    first = false;
    var header = new int[HEADER];
    for (var i = 0; i < HEADER; i++) {
      header[i] = next();
    }
    if (header[1] != 0x8b || header[2] != DEFLATED) {
      throw new ZipException("its header is damaged");
    }
    skipHeader(header[3]);
    inflater.reset();
    crc.reset();
    inflater.setInput(buffer, at, end - at);
    open = true;
    return true;
  }

  private void skipHeader(int flags) throws IOException {
    if ((flags & EXTRA) != 0) {
      var length = next() | next() << 8;
      for (var i = 0; i < length; i++) {
        next();
      }
    }
    for (var flag : new int[] {NAME, COMMENT}) {
      if ((flags & flag) != 0) {
        var b = next();
        while (b != 0) {
          b = next();
        }
      }
    }
    if ((flags & HEADER_CRC) != 0) {
      next();
      next();
    }
  }

  private void trailer() throws IOException {
    if (littleEndian() != crc.getValue()) {
      throw new ZipException("its checksum (CRC) is wrong");
    }
    if (littleEndian() != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw new ZipException("its length is wrong");
    }
    open = false;
  }

  private long littleEndian() throws IOException {
    var value = 0L;
    for (var i = 0; i < Integer.BYTES; i++) {
      value |= (long) next() << (8 * i);
    }
    return value;
  }

  private int next() throws IOException {
    if (at == end && !fill()) {
      throw new EOFException("it is cut off");
    }
    return buffer[at++] & 0xff;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
