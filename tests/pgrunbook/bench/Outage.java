package pgrunbook.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import pgrunbook.testing.Docker;
import pgrunbook.testing.Shell;
import pgrunbook.testing.TestStack;

/**
 * How long production takes no writes while it is restored, on the Compose stack: the largest gap
 * between two writes that the database had accepted, as the backend noted them outside of it.
 */
public final class Outage {
  private static final long REACH_MILLIS = 500;

  /** What somebody does to production, and how its backend connects. */
  private enum Way {
    RESTART("backend stopped and started", "each"),
    SWAP("restore-prod-swap", "each"),
    SWAP_POOL("restore-prod-swap, stop_backend=false", "pool"),
    RESTORE("restore-prod", "each"),
    BY_HAND("by hand", "each");

    private final String shown;
    private final String writer;

    Way(String shown, String writer) {
      this.shown = shown;
      this.writer = writer;
    }
  }

  /** Milliseconds. */
  private record Took(long gap, long total) {}

  private final TestStack stack;

  private Outage(TestStack stack) {
    this.stack = stack;
  }

  /**
   * Measures and prints.
   *
   * @param arguments rounds, then sizes in MB
   */
  public static void main(String[] arguments) throws Exception {
    var words = new ArrayList<>(List.of(arguments));
    var rounds = Integer.parseInt(words.removeFirst());
    Docker.missing()
        .ifPresent(what -> {
          System.out.println("outage: not measured: " + what);
          System.exit(2);
        });
    var met = true;
    for (var size : words) {
      try (var stack = TestStack.prod()) {
        met &= new Outage(stack).measured(Integer.parseInt(size), rounds);
      }
    }
    System.exit(met ? 0 : 1);
  }

  private boolean measured(int megabytes, int rounds) throws Exception {
    stack.edited(".env", "DEV_PORT", "PAUSE=0.02\nWRITER=each\nDEV_PORT").up();
    fill(megabytes);
    pgrunbook("run backup-prod");
    pgrunbook("plan restore-prod"); // whoever has planned it has the cache of classes
    byHand("$compose exec -T -e PGPASSWORD postgres pg_dump -U shop shop > backups/hand.sql");
    var size = stack.psql("SELECT pg_database_size('shop') / 1048576");
    Map<Way, List<Took>> all = new EnumMap<>(Way.class);
    for (var round = 0; round < rounds; round++) {
      for (var way : Way.values()) {
        var took = once(way);
        all.computeIfAbsent(way, _ -> new ArrayList<>()).add(took);
        System.out.printf(
            Locale.ROOT,
            "  %s MB, round %d, %s: no write for %.2f s, %.1f s in all, load %s%n",
            size,
            round + 1,
            way.shown,
            took.gap() / 1000.0,
            took.total() / 1000.0,
            Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
      }
    }
    return judged(size, rounds, all);
  }

  private void fill(int megabytes) throws IOException {
    var sql = Files.readString(Path.of("tests/bench/database.sql"));
    stack.psql("\\set mb " + megabytes + "\nCREATE SCHEMA bulk; SET search_path = bulk;\n" + sql);
  }

  private Took once(Way way) throws Exception {
    rested(way);
    var began = Instant.now();
    act(way);
    var total = Duration.between(began, Instant.now());
    stack.awaitWrite();
    Thread.sleep(500);
    var writes = stack.accepted().stream().map(TestStack.Accepted::at).toList();
    var gap =
        IntStream.range(1, writes.size())
            .filter(i -> writes.get(i).isAfter(began))
            .mapToLong(i -> Duration.between(writes.get(i - 1), writes.get(i)).toMillis())
            .max()
            .orElseThrow();
    return new Took(gap, total.toMillis());
  }

  /** One database, its backend at work, and nothing else going on. */
  private void rested(Way way) throws Exception {
    stack.psqlIn(
        "postgres",
        "SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database"
            + " WHERE datname LIKE 'shop\\_%' \\gexec\nCHECKPOINT;");
    for (var other : List.of("each", "pool")) {
      var env = Files.readString(stack.folder().resolve(".env"));
      if (!other.equals(way.writer) && env.contains("WRITER=" + other)) {
        stack.edited(".env", "WRITER=" + other, "WRITER=" + way.writer).up();
      }
    }
    stack.awaitWrite();
    Thread.sleep(1000);
  }

  private void act(Way way) throws Exception {
    switch (way) {
      case RESTART -> {
        stack.compose("stop", "backend").ok();
        stack.compose("start", "backend").ok();
      }
      case SWAP -> restore("restore-prod-swap", "");
      case SWAP_POOL -> restore("restore-prod-swap", " --set stop_backend=false");
      case RESTORE -> restore("restore-prod", "");
      case BY_HAND ->
          byHand(
              """
              psql='exec -T -e PGPASSWORD postgres psql -X -q -v ON_ERROR_STOP=1 -U shop'
              $compose stop backend
              $compose exec -T -e PGPASSWORD postgres pg_dump -U shop shop > safety.sql
              $compose $psql -d postgres -c 'DROP DATABASE shop' -c 'CREATE DATABASE shop'
              cat backups/hand.sql | $compose $psql -d shop > hand.out
              $compose start backend
              """);
    }
  }

  private void byHand(String script) {
    var begin =
        "set -e; . ./.env; export PGPASSWORD=$POSTGRES_PASSWORD;"
            + " compose='docker compose -f docker-compose.prod.yml'\n";
    new Shell(stack.folder()).run(begin + script).exits(0);
  }

  private void restore(String runbook, String more) {
    pgrunbook(
        "run " + runbook + " --confirm " + TestStack.DATABASE + " --set backup=latest" + more);
  }

  /** As users start it, with the launcher's own options: the tests' JVM compiles less. */
  private void pgrunbook(String words) {
    var launcher = Path.of("jbang").toAbsolutePath();
    var home = System.getProperty("user.home");
    new Shell(stack.folder())
        .run("HOME='%s' '%s' runbook %s".formatted(home, launcher, words))
        .exits(0);
  }

  /** What is promised of the medians: the issue of an outage is what a backend's start takes. */
  private static boolean judged(String size, int rounds, Map<Way, List<Took>> all) {
    System.out.printf("%s MB, medians of %d rounds%n", size, rounds);
    all.forEach((way, times) ->
        System.out.printf(
            Locale.ROOT,
            "%-38s %8.2f s without a write %8.1f s in all%n",
            way.shown,
            median(times.stream().map(Took::gap).toList()) / 1000.0,
            median(times.stream().map(Took::total).toList()) / 1000.0));
    var stopped = gap(all, Way.SWAP) - gap(all, Way.RESTART);
    var reconnecting = gap(all, Way.SWAP_POOL);
    var first = reached("swap, beyond stop and start", stopped);
    return reached("swap, with a backend that reconnects", reconnecting) && first;
  }

  private static boolean reached(String what, long milliseconds) {
    var met = milliseconds <= REACH_MILLIS;
    System.out.printf(
        Locale.ROOT, "  %s: %.2f s%s%n", what, milliseconds / 1000.0, met ? "" : "  MISSED");
    return met;
  }

  private static long gap(Map<Way, List<Took>> all, Way way) {
    return median(all.getOrDefault(way, List.of()).stream().map(Took::gap).toList());
  }

  private static long median(List<Long> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
