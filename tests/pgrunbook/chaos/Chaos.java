package pgrunbook.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import pgrunbook.chaos.Sweep.Way;
import pgrunbook.testing.Docker;

/**
 * Kills runs at every entry of their journals, at random moments and ten times in a row; see <code>
 * scripts/chaos</code>. Says what it did in numbers, and ends with 1 where anything was lost.
 */
public final class Chaos {
  private Chaos() {}

  /**
   * Runs everything.
   *
   * @param arguments a seed, to repeat what was random; then places and runbooks, where not all are
   *     meant: plain, compose, {@link Work} in small letters
   */
  public static void main(String[] arguments) {
    var words = new ArrayList<>(List.of(arguments));
    var seed =
        words.isEmpty() ? new Random().nextLong(1_000_000) : Long.parseLong(words.removeFirst());
    System.out.println("seed " + seed);
    var all = new Tally(System.out::println);
    var works = new ArrayList<Work>();
    for (var work : Work.values()) {
      if (words.remove(work.name().toLowerCase(Locale.ROOT))) {
        works.add(work);
      }
    }
    if (works.isEmpty()) {
      works.addAll(List.of(Work.values()));
    }
    if (words.isEmpty() || words.contains("plain")) {
      everything(Plain::new, works, true, 30, new Random(seed), all);
    }
    if (words.isEmpty() || words.contains("compose")) {
      var missing = Docker.missing();
      if (missing.isPresent()) {
        System.out.println("not on Compose: " + missing.get());
      } else {
        everything(Compose::new, works, false, 10, new Random(seed), all);
      }
    }
    System.out.println("all: " + all);
    System.exit(all.lost().isEmpty() ? 0 : 1);
  }

  /**
   * Runbooks at one place.
   *
   * @param bothWays whether each boundary is tried both ways, or the ways take turns
   * @param atRandom how many kills at random moments
   */
  private static void everything(
      Supplier<Place> where,
      List<Work> works,
      boolean bothWays,
      int atRandom,
      Random random,
      Tally all) {
    try (var place = where.get()) {
      for (var work : works) {
        var began = System.nanoTime();
        var tally = new Tally(System.out::println);
        var sweep = new Sweep(place, work, tally, random).measured();
        for (var boundary = 0; boundary < sweep.boundaries(); boundary++) {
          var turn = turn(boundary / 2);
          for (var way : bothWays ? List.of(Way.values()) : List.of(turn)) {
            sweep.atBoundary(boundary, way);
          }
        }
        for (var i = 0; i < atRandom; i++) {
          sweep.atRandom(turn(i));
        }
        for (var way : Way.values()) {
          sweep.inARow(way);
        }
        var took = Duration.ofNanos(System.nanoTime() - began).toSeconds();
        System.out.printf("%s on %s: %s (%d s)%n", work, place.name(), tally, took);
        all.add(tally);
      }
    }
  }

  private static Way turn(int number) {
    return number % 2 == 0 ? Way.RESUME : Way.ROLLBACK;
  }
}
