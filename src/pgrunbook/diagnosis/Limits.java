package pgrunbook.diagnosis;

import java.time.Duration;

/**
 * Where what is usual ends.
 *
 * @param clock by which the clocks of this machine and the server may differ
 * @param idle how long a transaction may wait for its client
 * @param transaction how long one may take at all
 * @param prepared how long a prepared transaction may wait for its end
 * @param retained bytes of WAL that a slot may keep for somebody who is not there
 * @param age transactions after which a database should have been frozen; at 2 billion PostgreSQL
 *     stops
 */
record Limits(
    Duration clock,
    Duration idle,
    Duration transaction,
    Duration prepared,
    long retained,
    long age) {
  static final Limits USUAL =
      new Limits(
          Duration.ofSeconds(2),
          Duration.ofMinutes(5),
          Duration.ofHours(1),
          Duration.ofMinutes(5),
          1L << 30,
          1_200_000_000L);
}
