package pgrunbook.testing;

/** How long tests wait; <code>-Dpgrunbook.patience=10</code> waits ten times as long. */
final class Patience {
  private static final long FACTOR = Long.getLong("pgrunbook.patience", 1);

  private Patience() {}

  static long seconds(long usually) {
    return usually * FACTOR;
  }
}
