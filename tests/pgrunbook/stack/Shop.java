package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import pgrunbook.testing.Cli;
import pgrunbook.testing.Runs;
import pgrunbook.testing.TestStack;

/**
 * The stack's database before something went wrong with it, and what a test wants to know of it.
 */
public record Shop(TestStack stack, String good, long lastGoodWrite) {
  /** Notes what is good; the backend goes on writing, which does not count. */
  public static Shop note(TestStack stack) {
    stack.awaitWrite();
    var last = Long.parseLong(stack.psql("SELECT max(id) FROM writes"));
    return new Shop(stack, content(stack, last), last);
  }

  private static String content(TestStack stack, long lastWrite) {
    return stack.psql(
        """
        SELECT (SELECT md5(string_agg(u::text, '|' ORDER BY id)) FROM users u),
               (SELECT md5(string_agg(d::text, '|' ORDER BY id)) FROM documents d),
               (SELECT md5(string_agg(id || note, '|' ORDER BY id)) FROM writes WHERE id <= %d)
        """
            .formatted(lastWrite));
  }

  /** What the database holds now of what was noted. */
  public String now() {
    return content(stack, lastGoodWrite);
  }

  /** A dump as an operator makes it by hand, with Compose's own command. */
  public Shop dumpedByHand(String file, String... options) {
    var words =
        new ArrayList<>(
            List.of("exec", "-T", "-e", "PGPASSWORD", "postgres", "pg_dump", "-U", "shop"));
    words.addAll(List.of(options));
    words.add("shop");
    var dump = stack.compose(words.toArray(String[]::new)).ok();
    try {
      Files.writeString(stack.backups().resolve(file), dump);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Something goes wrong, as it does. */
  public Shop spoilt() {
    stack.psql(
        """
        DELETE FROM documents WHERE id % 10 = 0;
        UPDATE users SET name = 'overwritten' WHERE id < 20;
        """);
    return this;
  }

  long oid(String database) {
    var oid =
        stack.psqlIn("postgres", "SELECT oid FROM pg_database WHERE datname = '" + database + "'");
    return oid.isEmpty() ? 0 : Long.parseLong(oid);
  }

  public List<String> databases() {
    return stack
        .psqlIn("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'shop%' ORDER BY 1")
        .lines()
        .toList();
  }

  Runs runs() {
    return new Runs(stack.folder());
  }

  /** Starts restore-prod, confirmed. */
  Cli.Child restore(String... more) {
    var words = new ArrayList<>(List.of("run", "restore-prod", "--confirm", "shop"));
    words.addAll(List.of(more));
    return stack.cli().start(words.toArray(String[]::new));
  }

  /** When the latest run's journal has that event of that step. */
  Instant at(String event, String step) {
    return runs().journal().stream()
        .filter(entry -> entry.event().equals(event) && entry.text("step").equals(step))
        .map(entry -> entry.at())
        .reduce((_, last) -> last)
        .orElseThrow();
  }

  /** The outside probe: no write was accepted while the content was copied and replaced. */
  void assertSilentDuringTheRestore() {
    var from = at("started", "safety-backup");
    var to = at("finished", "publish");
    assertThat(stack.accepted())
        .extracting(TestStack.Accepted::at)
        .isNotEmpty()
        .noneMatch(at -> at.isAfter(from) && at.isBefore(to));
  }

  /** What the backup held is back, the site is up, and it writes. */
  void assertRestored() {
    assertThat(now()).isEqualTo(good);
    assertThat(stack.isUp("backend")).isTrue();
    assertThat(stack.folder().resolve("maintenance.flag")).doesNotExist();
    assertThat(sessionsOfRuns()).isEmpty();
    assertThat(runs().journal().getLast().event()).isEqualTo("over");
    stack.awaitWrite();
  }

  public String sessionsOfRuns() {
    return stack.psqlIn(
        "postgres",
        "SELECT application_name, query FROM pg_stat_activity WHERE application_name LIKE 'pgrunbook%'");
  }
}
