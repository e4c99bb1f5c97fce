package pgrunbook.actions;

import java.time.Duration;
import pgrunbook.action.Preview;
import pgrunbook.postgres.DatabaseFacts;

/**
 * What each way of keeping a database would cost here, for whoever writes or reviews a runbook. The
 * times are what docs/performance.md has measured on one machine, for the database's size.
 */
final class SafetyCosts {
  private static final long DUMPED_A_SECOND = 100L << 20;

  private SafetyCosts() {}

  /** Nothing where the role may not ask for the size. */
  static void show(DatabaseFacts database, Preview.Builder preview) {
    database
        .bytes()
        .ifPresent(bytes -> {
          var size = Amounts.bytes(bytes);
          preview.fact(
              "to keep " + database.name(),
              "renamed: no time and no more disk; postgres.backup: about %s, a file of at most %s"
                  .formatted(
                      Amounts.age(Duration.ofSeconds(Math.ceilDiv(bytes, DUMPED_A_SECOND))), size));
        });
  }
}
