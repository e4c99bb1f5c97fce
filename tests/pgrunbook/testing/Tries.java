package pgrunbook.testing;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.TestReporter;

/**
 * Feeds a test with random inputs, the same ones every time: a failure names the seed of its input.
 *
 * <p>Written here and not taken from a library because little of one is needed: jqwik, the one that
 * there is for JUnit, brings a test engine of its own, which neither tags nor reports like the
 * others, and its strength is in shrinking objects, while what is fed here is text.
 *
 * <p><code>PGRUNBOOK_SEED</code> begins elsewhere, and <code>PGRUNBOOK_TRIES=20</code> tries twenty
 * times as much.
 */
public final class Tries {
  private static final long SEED = 20_260_115;
  private final long seed;
  private final int number;

  private Tries(long seed, int number) {
    this.seed = seed;
    this.number = number;
  }

  /** As many, unless the environment says otherwise. */
  public static Tries of(int number) {
    return new Tries(
        fromEnvironment("PGRUNBOOK_SEED").orElse(SEED),
        Math.toIntExact(number * fromEnvironment("PGRUNBOOK_TRIES").orElse(1L)));
  }

  private static Optional<Long> fromEnvironment(String name) {
    return Optional.ofNullable(System.getenv(name)).map(Long::valueOf);
  }

  /** What is to hold for every input. */
  @FunctionalInterface
  public interface Try {
    void with(Draw draw) throws Exception;
  }

  /** Tries them all, and publishes how many they were. */
  public void each(TestReporter reporter, Try one) {
    for (var i = 0L; i < number; i++) {
      try {
        one.with(new Draw(seed + i));
      } catch (Exception | AssertionError | StackOverflowError e) {
        var again = "PGRUNBOOK_SEED=" + (seed + i);
        throw new AssertionError("try " + (i + 1) + ", first with " + again + ": " + e, e);
      }
    }
    reporter.publishEntry("inputs", Integer.toString(number));
  }

  /** The random choices of one input. */
  public static final class Draw {
    private final SplittableRandom random;

    private Draw(long seed) {
      random = new SplittableRandom(seed);
    }

    /** From 0 up to, and without, the bound. */
    public int below(int bound) {
      return random.nextInt(bound);
    }

    /** True once in so many times. */
    public boolean oneIn(int times) {
      return random.nextInt(times) == 0;
    }

    public long number() {
      return random.nextLong();
    }

    @SafeVarargs
    public final <T> T of(T... choices) {
      return choices[random.nextInt(choices.length)];
    }

    public <T> T of(List<T> choices) {
      return choices.get(random.nextInt(choices.size()));
    }

    /** So many of the pieces, one behind the other, at most. */
    public String text(List<String> pieces, int most) {
      var text = new StringBuilder();
      for (var left = random.nextInt(most + 1); left > 0; left--) {
        text.append(of(pieces));
      }
      return text.toString();
    }

    /** The same bytes with a few of them changed, cut out, doubled, or put in. */
    public byte[] damaged(byte[] good) {
      var bytes = good;
      for (var left = 1 + random.nextInt(3); left > 0 && bytes.length > 0; left--) {
        var from = random.nextInt(bytes.length);
        var to = Math.min(bytes.length, from + 1 + random.nextInt(1 + random.nextInt(20)));
        bytes =
            switch (random.nextInt(5)) {
              case 0 -> joined(bytes, from, new byte[] {(byte) random.nextInt()}, from + 1);
              case 1 -> joined(bytes, from, new byte[] {}, to);
              case 2 -> joined(bytes, to, Arrays.copyOfRange(bytes, from, to), to);
              case 3 -> joined(bytes, from, new byte[] {sign()}, from);
              default -> Arrays.copyOf(bytes, oneIn(4) ? from : bytes.length);
            };
      }
      return bytes;
    }

    private byte sign() {
      return (byte) "{}[]:,'\"$&*!#|>%@`-?\\ \t\n\r0a".charAt(random.nextInt(27));
    }

    private static byte[] joined(byte[] bytes, int to, byte[] between, int from) {
      var all = Arrays.copyOf(bytes, to + between.length + bytes.length - from);
      System.arraycopy(between, 0, all, to, between.length);
      System.arraycopy(bytes, from, all, to + between.length, bytes.length - from);
      return all;
    }
  }
}
