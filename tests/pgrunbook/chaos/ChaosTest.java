package pgrunbook.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pgrunbook.chaos.Sweep.Way;

/** The short form of <code>scripts/chaos</code>: some kills of each runbook on a plain server. */
@Timeout(600)
class ChaosTest {
  private static final int EVERY = 5;

  @ParameterizedTest
  @EnumSource(Work.class)
  void no_kill_loses_anything(Work work, TestReporter reporter) {
    // given
    var seed = new Random().nextInt(1_000_000);
    var random = new Random(seed);
    var tally = new Tally(_ -> {});
    try (var place = new Plain()) {
      var sweep = new Sweep(place, work, tally, random).measured();
      // when
      for (var at = random.nextInt(EVERY); at < sweep.boundaries(); at += EVERY) {
        sweep.atBoundary(at, random.nextBoolean() ? Way.RESUME : Way.ROLLBACK);
      }
      sweep.atRandom(random.nextBoolean() ? Way.RESUME : Way.ROLLBACK);
      sweep.inARow(random.nextBoolean() ? Way.RESUME : Way.ROLLBACK);
    }
    System.out.printf("%s, seed %d: %s%n", work, seed, tally);
    reporter.publishEntry("kills", String.valueOf(tally.kills()));
    // then
    assertThat(tally.lost()).as("seed " + seed).isEmpty();
    assertThat(tally.kills()).isPositive();
  }
}
