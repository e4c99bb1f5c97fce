package pgrunbook.backup;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Sums the hashes of lines. A line's hash is MurmurHash3 x64 128 (public domain, Austin Appleby);
 * it finds every accident, such as a lost, cut, doubled or changed row, and is no seal against
 * somebody who wants two contents to look the same.
 */
final class LineHash {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int BLOCK = 16;
  private static final long C1 = 0x87c37b91114253d5L;
  private static final long C2 = 0x4cf5ad432745937fL;

  private final byte[] rest = new byte[BLOCK];
  private int resting;
  private long h1;
  private long h2;
  private long length;

  private long lines;
  private long high;
  private long low;

  /** Adds bytes to the line that is open. */
  void add(byte[] bytes, int from, int to) {
    length += to - from;
    var at = from;
    if (resting > 0) {
      while (resting < BLOCK && at < to) {
        rest[resting++] = bytes[at++];
      }
      if (resting < BLOCK) {
        return;
      }
      block((long) LONG.get(rest, 0), (long) LONG.get(rest, Long.BYTES));
      resting = 0;
    }
    for (; at + BLOCK <= to; at += BLOCK) {
      block((long) LONG.get(bytes, at), (long) LONG.get(bytes, at + Long.BYTES));
    }
    while (at < to) {
      rest[resting++] = bytes[at++];
    }
  }

  /** Ends the line that is open and adds its hash to the sums. */
  void endLine() {
    for (var i = resting; i < BLOCK; i++) {
      rest[i] = 0;
    }
    if (resting > Long.BYTES) {
      h2 ^= mixed2((long) LONG.get(rest, Long.BYTES));
    }
    if (resting > 0) {
      h1 ^= mixed1((long) LONG.get(rest, 0));
    }
    h1 ^= length;
    h2 ^= length;
    h1 += h2;
    h2 += h1;
    h1 = spread(h1);
    h2 = spread(h2);
    h1 += h2;
    h2 += h1;
    var sum = low + h1;
    high += h2 + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
    low = sum;
    lines++;
    h1 = 0;
    h2 = 0;
    length = 0;
    resting = 0;
  }

  LineSums sums() {
    return new LineSums(lines, high, low);
  }

  private void block(long k1, long k2) {
    h1 ^= mixed1(k1);
    h1 = (Long.rotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
    h2 ^= mixed2(k2);
    h2 = (Long.rotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
  }

  private static long mixed1(long k) {
    return Long.rotateLeft(k * C1, 31) * C2;
  }

  private static long mixed2(long k) {
    return Long.rotateLeft(k * C2, 33) * C1;
  }

  private static long spread(long k) {
    var a = (k ^ (k >>> 33)) * 0xff51afd7ed558ccdL;
    var b = (a ^ (a >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return b ^ (b >>> 33);
  }
}
