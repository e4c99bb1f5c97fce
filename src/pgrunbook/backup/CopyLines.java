package pgrunbook.backup;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads COPY data in text format, in pieces of any size, and sums its lines. Constant memory: a
 * line may be longer than every buffer. Line ends may be LF or CR LF, as for psql.
 */
final class CopyLines {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ELEVENS = 0x0b0b0b0b0b0b0b0bL;
  private static final long TOPS = 0x8080808080808080L;

  private final LineHash hash = new LineHash();
  private final ZonedTimes times = new ZonedTimes();

  /** An unfinished field from the piece before, as long as it may still be a time or the end. */
  private final byte[] kept = new byte[ZonedTimes.LONGEST + 2];

  private int keptLength;
  private boolean fieldIsLong;
  private boolean lineBegun;
  private boolean ended;
  private boolean nul;

  /** Takes bytes up to the end marker; where it was found, {@link #ended()}. */
  int accept(byte[] bytes, int from, int to) {
    var fieldAt = from;
    var hashedTo = from;
    var at = from;
    if (keptLength > 0 || fieldIsLong) {
      at = next(bytes, from, to);
      if (at == to) {
        keep(bytes, from, to);
        return to;
      }
      finishKept(bytes, from, at);
      if (ended) {
        return at + 1;
      }
      hashedTo = at;
      if (bytes[at++] == '\n') {
        hash.endLine();
        lineBegun = false;
        hashedTo = at;
      }
      fieldAt = at;
    }
    while (true) {
      at = next(bytes, at, to);
      if (at == to) {
        hash.add(bytes, hashedTo, fieldAt);
        keep(bytes, fieldAt, to);
        return to;
      }
      var newline = bytes[at] == '\n';
      var end = newline && at > fieldAt && bytes[at - 1] == '\r' ? at - 1 : at;
      if (newline && isEnd(bytes, fieldAt, end)) {
        ended = true;
        return at + 1;
      }
      if (end - fieldAt >= ZonedTimes.SHORTEST && times.read(bytes, fieldAt, end)) {
        hash.add(bytes, hashedTo, fieldAt);
        hash.add(times.utc(), 0, times.utc().length);
        hashedTo = end;
      }
      lineBegun = !newline;
      if (newline) {
        hash.add(bytes, hashedTo, end);
        hash.endLine();
        hashedTo = at + 1;
      }
      at++;
      fieldAt = at;
    }
  }

  /** Whether the end marker was read. */
  boolean ended() {
    return ended;
  }

  boolean sawNul() {
    return nul;
  }

  LineSums sums() {
    return hash.sums();
  }

  /** The next tab or newline; bytes of 10 and less are looked for eight at a time. */
  private int next(byte[] bytes, int from, int to) {
    var at = from;
    while (at < to) {
      if (at + Long.BYTES <= to) {
        var word = (long) LONG.get(bytes, at);
        var small = (word - ELEVENS) & ~word & TOPS;
        if (small == 0) {
          at += Long.BYTES;
          continue;
        }
        at += Long.numberOfTrailingZeros(small) >>> 3;
      }
      var b = bytes[at];
      if (b == '\t' || b == '\n') {
        return at;
      }
      nul |= b == 0;
      at++;
    }
    return to;
  }

  private boolean isEnd(byte[] bytes, int from, int to) {
    return !lineBegun && to - from == 2 && bytes[from] == '\\' && bytes[from + 1] == '.';
  }

  private void keep(byte[] bytes, int from, int to) {
    if (!fieldIsLong && keptLength + to - from <= kept.length) {
      System.arraycopy(bytes, from, kept, keptLength, to - from);
      keptLength += to - from;
      return;
    }
    if (from == to) {
      return;
    }
    flushKept();
    fieldIsLong = true;
    var carriage = bytes[to - 1] == '\r';
    hash.add(bytes, from, carriage ? to - 1 : to);
    if (carriage) {
      kept[0] = '\r';
      keptLength = 1;
    }
  }

  private void flushKept() {
    hash.add(kept, 0, keptLength);
    keptLength = 0;
    lineBegun = true;
  }

  private void finishKept(byte[] bytes, int from, int at) {
    if (!fieldIsLong && keptLength + at - from <= kept.length) {
      System.arraycopy(bytes, from, kept, keptLength, at - from);
      keptLength += at - from;
      finishShort(bytes[at] == '\n');
    } else {
      finishLong(bytes, from, at);
    }
    keptLength = 0;
    fieldIsLong = false;
    lineBegun = true;
  }

  private void finishShort(boolean newline) {
    var end =
        newline && keptLength > 0 && kept[keptLength - 1] == '\r' ? keptLength - 1 : keptLength;
    if (newline && isEnd(kept, 0, end)) {
      ended = true;
    } else if (times.read(kept, 0, end)) {
      hash.add(times.utc(), 0, times.utc().length);
    } else {
      hash.add(kept, 0, end);
    }
  }

  private void finishLong(byte[] bytes, int from, int at) {
    if (bytes[at] == '\n' && at == from) {
      // the carriage return that was kept belongs to the end of the line
      hash.add(
          kept, 0, keptLength > 0 && kept[keptLength - 1] == '\r' ? keptLength - 1 : keptLength);
    } else {
      hash.add(kept, 0, keptLength);
      var carriage = bytes[at] == '\n' && bytes[at - 1] == '\r';
      hash.add(bytes, from, carriage ? at - 1 : at);
    }
  }
}
