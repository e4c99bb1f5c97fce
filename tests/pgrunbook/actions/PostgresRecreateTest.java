package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.TestWorld.journaled;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.testing.Databases;
import pgrunbook.testing.TestWorld;
import pgrunbook.text.Problem;

class PostgresRecreateTest {
  private final PostgresRecreate action = new PostgresRecreate();
  private final PostgresPutBack undo = new PostgresPutBack();
  private final PostgresRecreate.Input keeping = new PostgresRecreate.Input(true, Optional.empty());
  private final PostgresRecreate.Input dropping =
      new PostgresRecreate.Input(false, Optional.of("a test"));
  private Exchange exchange;

  @BeforeEach
  void a_database_in_use(@TempDir Path folder) throws Exception {
    exchange = new Exchange(folder);
  }

  @AfterEach
  void close() {
    exchange.close();
  }

  private PostgresRecreate.Intent intent(PostgresRecreate.Input input) throws StepFailed {
    return journaled(action.intend(input, Optional.empty(), exchange.world.look("recreate")));
  }

  private PostgresPutBack.Output putBack(PostgresRecreate.Intent intent) throws Exception {
    var call = action.undo(keeping, exchange.world.planning("recreate")).orElseThrow();
    var with = exchange.world.input(undo, Exchange.yaml(call.with()), Exchange.undoing(intent));
    var look = exchange.world.look("recreate/undo");
    var undoIntent = undo.intend(with, Optional.empty(), look);
    var output = undo.run(with, undoIntent, exchange.world.act("recreate/undo"));
    assertThat(undo.inspect(with, undoIntent, look)).isInstanceOf(Observed.Done.class);
    return output;
  }

  private String aside() {
    return Private.setAside(exchange.database, exchange.world.look("x").run());
  }

  private String oldName() {
    return exchange.old().map(DatabaseFacts::name).orElse("gone");
  }

  @Test
  void the_database_that_every_server_has_is_never_set_aside(@TempDir Path other) {
    try (var world = TestWorld.in(other, "postgres")) {
      assertThat(action.preview(keeping, world.planning("recreate")).problems())
          .extracting(Problem::what)
          .containsExactly(
              "the database postgres can't be set aside: the run itself is connected to it");
    }
  }

  @Test
  void a_plan_shows_what_is_owed_and_changes_nothing() {
    // given
    var before = exchange.identity();
    // when
    var preview = action.preview(keeping, exchange.world.planning("recreate"));
    // then
    assertThat(preview.effect()).isEqualTo(Effect.DESTRUCTIVE);
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.needs()).isEmpty();
    assertThat(preview.leaves())
        .contains(
            new Claim.OldKept(exchange.database),
            new Claim.DatabaseEmpty("‹steps.recreate.database›"))
        .anySatisfy(claim -> assertThat(claim).isInstanceOf(Claim.Owes.class));
    assertThat(preview.facts())
        .anySatisfy(fact -> assertThat(fact.value()).isEqualTo("" + exchange.oid));
    assertThat(exchange.identity()).isEqualTo(before);
  }

  @Test
  void dropping_needs_a_way_back_or_a_reason() {
    var without = new PostgresRecreate.Input(false, Optional.empty());
    assertThat(action.preview(without, exchange.world.planning("r")).needs())
        .containsExactly(new Claim.WayBack(exchange.database));
    var preview = action.preview(dropping, exchange.world.planning("r"));
    assertThat(preview.needs()).isEmpty();
    assertThat(preview.warnings()).anySatisfy(it -> assertThat(it).contains("a test"));
  }

  @Test
  void what_would_block_it_is_a_problem_of_the_plan() throws SQLException {
    // given
    var server = exchange.world.server();
    try (var other = server.connect(exchange.database);
        var statement = other.createStatement()) {
      statement.execute("SET application_name = 'cron'");
      // when
      var preview = action.preview(keeping, exchange.world.planning("recreate"));
      // then
      assertThat(preview.warnings()).anySatisfy(it -> assertThat(it).contains("cron"));
    }
  }

  @Test
  void the_old_database_is_kept_by_its_oid_and_nobody_gets_in() throws Exception {
    // given
    var server = exchange.world.server();
    var other = server.connect(exchange.database);
    // when
    var output = action.run(keeping, intent(keeping), exchange.world.act("recreate"));
    // then
    assertThat(exchange.named(exchange.database)).isEmpty();
    assertThat(oldName()).isEqualTo(aside()).isEqualTo(output.old().get());
    assertThat(exchange.old().orElseThrow().allowConnections()).isFalse();
    assertThat(exchange.named(output.database())).isPresent();
    assertThat(other.isValid(1)).isFalse();
  }

  @Test
  void a_dropped_database_is_gone() throws Exception {
    // when
    var output = action.run(dropping, intent(dropping), exchange.world.act("recreate"));
    // then
    assertThat(exchange.old()).isEmpty();
    assertThat(output.old()).isEmpty();
    assertThat(exchange.named(output.database())).isPresent();
  }

  @Test
  @Tag("fault")
  void what_was_written_after_the_safety_backup_is_said_or_keeps_the_database() throws Exception {
    // given
    var file = Sample.backup(exchange.world, "{label: pre-restore}").file();
    var saved = exchange.world.holding(new Claim.SafetyBackup(exchange.database, file));
    exchange.world.server().execute(exchange.database, "UPDATE users SET id = 2");
    var without = new PostgresRecreate.Input(false, Optional.empty());
    // when, then
    assertThatThrownBy(() -> action.run(without, intent(without), saved.act("recreate")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("since its safety backup: its content has changed: ");
    assertThatThrownBy(() -> action.run(without, intent(without), exchange.world.act("recreate")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("this run has no safety backup of it");
    assertThat(oldName()).isEqualTo(exchange.database);
    assertThat(exchange.old().orElseThrow().allowConnections()).isTrue();
    // and when it is kept
    var output = action.run(keeping, intent(keeping), saved.act("recreate"));
    // then
    assertThat(output.writtenSince().orElseThrow()).contains("1 updated");
  }

  @Test
  void a_failure_before_the_rename_leaves_the_database_open() throws Exception {
    // given a database that already has the name
    exchange.world.server().execute("postgres", "CREATE DATABASE " + aside());
    // when, then
    assertThatThrownBy(() -> action.run(keeping, intent(keeping), exchange.world.act("recreate")))
        .hasMessageContaining("already exists");
    assertThat(exchange.named(exchange.database).orElseThrow().oid()).isEqualTo(exchange.oid);
    assertThat(exchange.old().orElseThrow().allowConnections()).isTrue();
    assertThat(action.inspect(keeping, intent(keeping), exchange.world.look("recreate")))
        .isInstanceOf(Observed.Partly.class);
  }

  @Test
  void a_crash_is_found_at_each_stage_and_made_good() throws Exception {
    // given
    var intent = intent(keeping);
    var look = exchange.world.look("recreate");
    var cluster = exchange.world.cluster();
    assertThat(action.inspect(keeping, intent, look)).isInstanceOf(Observed.NotDone.class);
    // when the private database is there
    for (var statement : intent.statements()) {
      cluster.execute("postgres", statement);
    }
    assertThat(action.inspect(keeping, intent, look)).isInstanceOf(Observed.Partly.class);
    // and connections are off
    cluster.execute("postgres", Private.allowConnections(exchange.database, false));
    assertThat(action.inspect(keeping, intent, look)).isInstanceOf(Observed.Partly.class);
    // and a second attempt comes
    var again = action.intend(keeping, Optional.of(intent), look);
    action.run(keeping, again, exchange.world.act("recreate"));
    // then
    assertThat(action.inspect(keeping, intent, look)).isInstanceOf(Observed.Done.class);
    // and where somebody renamed the old one meanwhile, nobody guesses
    cluster.execute("postgres", Private.rename(oldName(), exchange.database + "_mine"));
    assertThat(action.inspect(keeping, intent, look)).isInstanceOf(Observed.Unknown.class);
  }

  @Test
  void undone_it_is_as_if_nothing_had_happened() throws Exception {
    // given
    var before = exchange.identity();
    var intent = intent(keeping);
    action.run(keeping, intent, exchange.world.act("recreate"));
    // when
    var output = putBack(intent);
    // then
    assertThat(exchange.identity()).isEqualTo(before);
    assertThat(output.restored()).isFalse();
    assertThat(exchange.named(intent.privateName())).isEmpty();
  }

  @Test
  void undone_half_way_it_is_as_if_nothing_had_happened() throws Exception {
    // given
    var before = exchange.identity();
    var intent = intent(keeping);
    exchange.world.cluster().execute("postgres", intent.statements().getFirst());
    exchange
        .world
        .cluster()
        .execute("postgres", Private.allowConnections(exchange.database, false));
    // when
    putBack(intent);
    // then
    assertThat(exchange.identity()).isEqualTo(before);
    assertThat(exchange.named(intent.privateName())).isEmpty();
  }

  @Test
  void the_undo_does_not_touch_a_database_that_somebody_made_meanwhile() throws Exception {
    // given
    var intent = intent(keeping);
    action.run(keeping, intent, exchange.world.act("recreate"));
    exchange.world.server().execute("postgres", "CREATE DATABASE " + exchange.database);
    // when, then
    assertThatThrownBy(() -> putBack(intent))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("somebody has made another database");
    assertThat(oldName()).isEqualTo(intent.oldName());
  }

  private void cutShort() {
    Databases.execute(
        "postgres", "UPDATE pg_database SET datconnlimit = -2 WHERE oid = " + exchange.oid);
  }

  @Test
  @Tag("fault")
  void a_drop_that_was_cut_short_is_finished_by_a_second_attempt() throws Exception {
    // given
    var intent = intent(dropping);
    var look = exchange.world.look("recreate");
    cutShort();
    assertThat(action.inspect(dropping, intent, look)).isInstanceOf(Observed.Partly.class);
    // when
    var again = action.intend(dropping, Optional.of(intent), look);
    action.run(dropping, again, exchange.world.act("recreate"));
    // then
    assertThat(exchange.old()).isEmpty();
    assertThat(action.inspect(dropping, intent, look)).isInstanceOf(Observed.Done.class);
  }

  @Test
  @Tag("fault")
  void what_an_interrupted_drop_has_left_is_not_kept_as_a_way_back() throws Exception {
    // given
    var intent = intent(keeping);
    cutShort();
    // when, then
    assertThatThrownBy(() -> intent(keeping)).isInstanceOf(StepFailed.class);
    assertThat(action.preview(keeping, exchange.world.planning("recreate")).problems())
        .isNotEmpty();
    assertThat(action.inspect(keeping, intent, exchange.world.look("recreate")))
        .isInstanceOf(Observed.Unknown.class);
    assertThatThrownBy(() -> action.run(keeping, intent, exchange.world.act("recreate")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("interrupted DROP DATABASE");
    assertThat(oldName()).isEqualTo(exchange.database);
  }

  @Test
  void an_attempt_that_finds_the_old_database_neither_here_nor_there_fails() throws Exception {
    // given
    var intent = intent(keeping);
    action.run(keeping, intent, exchange.world.act("recreate"));
    Databases.execute("postgres", Private.rename(oldName(), exchange.database + "_mine"));
    // when, then
    assertThatThrownBy(() -> action.run(keeping, intent, exchange.world.act("recreate")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("is now named " + exchange.database + "_mine");
    Databases.execute("postgres", "DROP DATABASE " + exchange.database + "_mine");
    assertThatThrownBy(() -> action.run(keeping, intent, exchange.world.act("recreate")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("is gone");
  }

  @Test
  void a_private_database_that_is_gone_is_made_again_whole() throws Exception {
    // given a second attempt that had just begun to make it
    var intent = intent(keeping);
    var look = exchange.world.look("recreate");
    action.run(keeping, intent, exchange.world.act("recreate"));
    var properties = exchange.world.cluster().properties(intent.privateName());
    Databases.execute("postgres", "DROP DATABASE " + intent.privateName());
    var again = Private.again(exchange.database, look.run());
    Databases.execute("postgres", "CREATE DATABASE " + again);
    assertThat(action.inspect(keeping, intent, look)).isInstanceOf(Observed.Partly.class);
    // when
    action.run(keeping, intent, exchange.world.act("recreate"));
    // then
    assertThat(action.inspect(keeping, intent, look)).isInstanceOf(Observed.Done.class);
    assertThat(exchange.world.cluster().properties(intent.privateName())).isEqualTo(properties);
    assertThat(exchange.named(again)).isEmpty();
  }
}
