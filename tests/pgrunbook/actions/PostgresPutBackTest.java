package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.TestWorld.journaled;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Claim;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.testing.Databases;
import pgrunbook.testing.TestWorld;

class PostgresPutBackTest {
  private static final String STEP = "recreate/undo";

  private final PostgresRecreate recreate = new PostgresRecreate();
  private final PostgresPutBack action = new PostgresPutBack();
  private final PostgresRecreate.Input dropping =
      new PostgresRecreate.Input(false, Optional.of("a test"));
  private final PostgresRecreate.Input keeping = new PostgresRecreate.Input(true, Optional.empty());

  private Exchange exchange;
  private String database;
  private TestWorld world;
  private Path backup;

  @BeforeEach
  void a_database_with_a_safety_backup(@TempDir Path folder) throws Exception {
    exchange = new Exchange(folder);
    database = exchange.database;
    var file = Sample.backup(exchange.world, "{label: pre-restore}").file();
    backup = folder.resolve(file);
    world = exchange.world.holding(new Claim.SafetyBackup(database, file));
  }

  @AfterEach
  void close() {
    exchange.close();
  }

  private PostgresPutBack.Input taken(PostgresRecreate.Input how) throws Exception {
    var intent = journaled(recreate.intend(how, Optional.empty(), exchange.world.look("recreate")));
    recreate.run(how, intent, exchange.world.act("recreate"));
    return undoing(how, intent);
  }

  private PostgresPutBack.Input undoing(
      PostgresRecreate.Input how, PostgresRecreate.Intent intent) {
    var call = recreate.undo(how, exchange.world.planning("recreate")).orElseThrow();
    return world.input(action, Exchange.yaml(call.with()), Exchange.undoing(intent));
  }

  private PostgresPutBack.Intent intend(PostgresPutBack.Input in) throws Exception {
    return journaled(action.intend(in, Optional.empty(), world.look(STEP)));
  }

  private PostgresPutBack.Output again(PostgresPutBack.Input in, PostgresPutBack.Intent earlier)
      throws Exception {
    assertThat(action.inspect(in, earlier, world.look(STEP))).isInstanceOf(Observed.Partly.class);
    var second = action.intend(in, Optional.of(earlier), world.look(STEP));
    return action.run(in, second, world.act(STEP));
  }

  private List<String> users() {
    return Databases.column(database, "SELECT id FROM users");
  }

  private long oid() {
    return exchange.named(database).orElseThrow().oid();
  }

  @Test
  void a_database_that_was_dropped_comes_back_from_the_safety_backup() throws Exception {
    // given
    var properties = world.cluster().properties(database);
    var in = taken(dropping);
    var intent = intend(in);
    // when
    var output = action.run(in, intent, world.act(STEP));
    // then
    assertThat(users()).containsExactly("1");
    assertThat(world.cluster().properties(database)).isEqualTo(properties);
    assertThat(output.restored()).isTrue();
    assertThat(Private.ownDatabases(world.look(STEP))).isEmpty();
    // and when nobody knows any more how that ended
    var second = again(in, intent);
    // then
    assertThat(second).isEqualTo(output);
  }

  @Test
  void a_database_that_somebody_made_before_the_undo_is_not_taken_for_the_old_one()
      throws Exception {
    // given
    var in = taken(dropping);
    Databases.execute("postgres", "CREATE DATABASE " + database);
    Databases.execute(database, "CREATE TABLE users AS SELECT 1 AS id"); // as the old one
    var foreign = oid();
    var intent = intend(in);
    // when, then
    for (var attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> again(in, intent))
          .isInstanceOf(StepFailed.class)
          .hasMessageContaining(
              "somebody has made another database " + database + " (oid " + foreign + ")");
    }
    assertThat(oid()).isEqualTo(foreign);
    assertThat(exchange.named(intent.privateName())).isPresent();
    // and when it is out of the way
    Databases.execute("postgres", Private.rename(database, database + "_foreign"));
    again(in, intent);
    // then
    assertThat(users()).containsExactly("1");
  }

  @Test
  void a_database_that_somebody_made_during_the_undo_is_told_by_what_it_holds() throws Exception {
    // given
    var in = taken(dropping);
    var intent = intend(in);
    Databases.execute("postgres", "CREATE DATABASE " + database);
    var foreign = oid();
    // when, then
    assertThatThrownBy(() -> again(in, intent))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("somebody has made another database")
        .hasMessageContaining("is not what its backup");
    assertThat(oid()).isEqualTo(foreign);
  }

  @Test
  void what_an_interrupted_drop_has_left_is_dropped_and_restored() throws Exception {
    // given
    var intent =
        journaled(recreate.intend(dropping, Optional.empty(), exchange.world.look("recreate")));
    var in = undoing(dropping, intent);
    Databases.execute(
        "postgres", "UPDATE pg_database SET datconnlimit = -2 WHERE oid = " + exchange.oid);
    var mine = intend(in);
    // when
    var output = again(in, mine);
    // then
    assertThat(output.restored()).isTrue();
    assertThat(output.oid()).isNotEqualTo(exchange.oid);
    assertThat(users()).containsExactly("1");
  }

  @Test
  void without_its_safety_backup_nothing_more_is_dropped() throws Exception {
    // given
    var in = taken(dropping);
    var intent = intend(in);
    Files.delete(backup);
    // when, then
    assertThatThrownBy(() -> action.run(in, intent, world.act(STEP)))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("is gone");
    assertThat(exchange.named(intent.privateName())).isPresent();
  }

  @Test
  void every_private_database_of_the_run_goes_with_it() throws Exception {
    // given
    var in = taken(keeping);
    var intent = intend(in);
    var tag = world.look(STEP).run();
    Databases.execute("postgres", "CREATE DATABASE " + Private.again(database, tag));
    Databases.execute("postgres", "CREATE DATABASE " + Private.replaced(database, tag));
    // when
    again(in, intent);
    // then
    assertThat(action.inspect(in, intent, world.look(STEP))).isInstanceOf(Observed.Done.class);
    assertThat(Databases.of(database)).containsOnlyKeys(database);
  }

  @Test
  void a_database_that_is_not_the_runs_own_is_never_dropped_with_it() throws Exception {
    // given
    var in = taken(keeping);
    var mine = intend(in);
    var other = world.server().createDatabase("other");
    var intent = new PostgresPutBack.Intent(mine.database(), mine.oldOid(), other, mine.foundOid());
    // when, then
    assertThatThrownBy(() -> action.run(in, intent, world.act(STEP)))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining(other + " is not the private database of this run");
    assertThat(exchange.named(other)).isPresent();
  }

  @Test
  void sessions_in_the_database_that_was_set_aside_do_not_keep_it_from_coming_back()
      throws Exception {
    // given
    var in = taken(keeping);
    var old = exchange.old().orElseThrow().name();
    Databases.execute("postgres", Private.allowConnections(old, true));
    try (var auditor = world.server().connect(old)) {
      // when
      action.run(in, intend(in), world.act(STEP));
      // then
      assertThat(auditor.isValid(1)).isFalse();
    }
    assertThat(oid()).isEqualTo(exchange.oid);
    assertThat(exchange.old().orElseThrow().allowConnections()).isTrue();
  }
}
