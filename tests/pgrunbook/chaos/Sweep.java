package pgrunbook.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import pgrunbook.chaos.Work.Before;
import pgrunbook.journal.Entry;
import pgrunbook.testing.Cli.Ended;
import pgrunbook.testing.Halt;

/**
 * Kills one runbook at one place over and over. After each kill <code>resume</code> has to end with
 * what the runbook is for, or <code>rollback</code> with what was before; there is no third state.
 */
final class Sweep {
  /** How a killed run is carried on. */
  enum Way {
    RESUME,
    ROLLBACK;

    String command() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** A run in a row of kills is killed that often, where it lasts that long. */
  private static final int IN_A_ROW = 10;

  private final Place place;
  private final Work work;
  private final Tally tally;
  private final Random random;
  private List<Entry> whole = List.of();

  Sweep(Place place, Work work, Tally tally, Random random) {
    this.place = place;
    this.work = work;
    this.tally = tally;
    this.random = random;
  }

  /** One run that nobody kills: how many entries there are to kill at, and how long steps take. */
  Sweep measured() {
    var before = work.begin(place);
    place.cli().run(work.command(place)).exits(0);
    whole = place.runs().journal();
    conclude(work + " on " + place.name() + ", not killed", work.lackingWhenDone(place, before));
    return this;
  }

  /** How many places there are right before or after an entry of the journal. */
  int boundaries() {
    return 2 * whole.size();
  }

  /**
   * Ends the run at one of its {@link #boundaries()}.
   *
   * @param boundary from 0
   */
  void atBoundary(int boundary, Way way) {
    var halt = new Halt(boundary % 2 == 0, boundary / 2 + 1);
    var before = work.begin(place);
    killedAt(halt, work.command(place));
    carryOn(way, halt + " (" + whole.get(boundary / 2).event() + ")", before);
  }

  /** Ends the run by SIGKILL, at a random moment of a random step. */
  void atRandom(Way way) {
    var started = whole.stream().filter(entry -> entry.event().equals("started")).toList();
    var entry = started.get(random.nextInt(started.size()));
    var step = entry.text("step");
    var lasts = whole.get((int) entry.number()).at().toEpochMilli() - entry.at().toEpochMilli();
    var delay = random.nextLong(lasts + 1);
    var before = work.begin(place);
    var child = place.cli().start(work.command(place));
    place.runs().untilStarted(child, step, 0);
    sleep(delay);
    child.kill();
    tally.kill();
    carryOn(way, "SIGKILL in " + step + " after " + delay + " ms", before);
  }

  /** Ends the run, and whoever carries it on, until it was killed ten times or is over. */
  void inARow(Way way) {
    var before = work.begin(place);
    var how = new ArrayList<String>();
    var halt = new Halt(random.nextBoolean(), 3 + random.nextInt(whole.size() - 3));
    var command = work.command(place);
    for (var kill = 0; kill < IN_A_ROW; kill++) {
      how.add(halt.toString());
      if (!killedAt(halt, command)) {
        break;
      }
      command = new String[] {way.command()};
      halt = new Halt(random.nextBoolean(), 1 + random.nextInt(4));
    }
    carryOn(way, String.join(", ", how), before);
  }

  private boolean killedAt(Halt halt, String... command) {
    var ended = halt.in(place.cli()).run(command);
    if (ended.exit() == Halt.EXIT) {
      tally.kill();
      return true;
    }
    return false;
  }

  private void carryOn(Way way, String killed, Before before) {
    var how = "%s on %s, %s, %s".formatted(work, place.name(), killed, way.command());
    if (before.runs().equals(place.runs().ids()) || place.runs().journal().isEmpty()) {
      tally.unbegun();
      conclude(how, work.lackingWhenUndone(place, before));
      return;
    }
    var over = isOver();
    var ended = place.cli().run(words(way, over.isPresent()));
    if (way == Way.RESUME) {
      tally.resumed();
      conclude(how, ended, over.isPresent() ? 3 : 0, () -> work.lackingWhenDone(place, before));
    } else {
      tally.undone();
      var undone = over.filter("rolled_back"::equals).isPresent();
      conclude(how, ended, undone ? 3 : 0, () -> work.lackingWhenUndone(place, before));
    }
  }

  /** A run that is over is only undone where it is named, and its database. */
  private String[] words(Way way, boolean over) {
    var words = new ArrayList<>(List.of(way.command(), place.runs().latest()));
    if (over && way == Way.ROLLBACK) {
      words.addAll(List.of("--confirm", place.database()));
    }
    return words.toArray(String[]::new);
  }

  /** How it is over, where it is. */
  private Optional<String> isOver() {
    var last = place.runs().journal().getLast();
    return Optional.of(last).filter(it -> it.event().equals("over")).map(it -> it.text("status"));
  }

  private void conclude(String how, Ended ended, int expected, Supplier<List<String>> lacking) {
    if (ended.exit() != expected) {
      tally.lost(how + ": exit code " + ended.exit() + ", not " + expected + "\n" + ended.said());
    } else {
      conclude(how, lacking.get());
    }
  }

  private void conclude(String how, List<String> lacking) {
    var all = new ArrayList<>(lacking);
    all.addAll(Work.lackingAtTheEnd(place));
    if (all.isEmpty()) {
      tally.held(how);
    } else {
      tally.lost(how + ": " + String.join("; ", all));
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
