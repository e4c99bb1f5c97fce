package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.TestWorld.journaled;

import java.nio.file.Path;
import java.util.List;
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
import pgrunbook.expression.Late;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.testing.Databases;
import pgrunbook.testing.TestWorld;

class PostgresPublishTest {
  private final PostgresPublish action = new PostgresPublish();
  private final PostgresUnpublish undo = new PostgresUnpublish();
  private Exchange exchange;
  private String mine;
  private long mineOid;

  @BeforeEach
  void a_database_in_use_and_a_private_one(@TempDir Path folder) throws Exception {
    exchange = new Exchange(folder);
    mine = Private.restoring(exchange.database, exchange.world.look("x").run());
    exchange.world.server().execute("postgres", "CREATE DATABASE " + mine);
    mineOid = exchange.named(mine).orElseThrow().oid();
  }

  @AfterEach
  void close() {
    exchange.close();
  }

  private PostgresPublish.Input input() {
    return new PostgresPublish.Input(Late.known(mine), Optional.empty());
  }

  private PostgresPublish.Intent intent() throws StepFailed {
    return journaled(action.intend(input(), Optional.empty(), exchange.world.look("publish")));
  }

  private void unpublish(PostgresPublish.Intent intent) throws Exception {
    unpublish(intent, exchange.world);
  }

  private void unpublish(PostgresPublish.Intent intent, TestWorld world) throws Exception {
    var call = action.undo(input(), exchange.world.planning("publish")).orElseThrow();
    var with = exchange.world.input(undo, Exchange.yaml(call.with()), Exchange.undoing(intent));
    var look = world.look("publish/undo");
    var undoIntent = journaled(undo.intend(with, Optional.empty(), look));
    undo.run(with, undoIntent, world.act("publish/undo"));
    assertThat(undo.inspect(with, undoIntent, look)).isInstanceOf(Observed.Done.class);
  }

  private String nameOf(long oid) {
    return exchange.world.cluster().databaseByOid(oid).map(DatabaseFacts::name).orElse("gone");
  }

  @Test
  void a_plan_asks_for_verified_content_and_changes_nothing() {
    // given
    var before = exchange.identity();
    var pending =
        new PostgresPublish.Input(
            new Late.Pending<>("‹steps.r.database›", java.util.Set.of("r")), Optional.empty());
    // when
    var beside = action.preview(pending, exchange.world.planning("publish"));
    var after = action.preview(pending, exchange.nameTakenAway().planning("publish"));
    // then
    assertThat(beside.effect()).isEqualTo(Effect.DESTRUCTIVE);
    assertThat(beside.leaves()).contains(new Claim.OldKept(exchange.database));
    assertThat(after.effect()).isEqualTo(Effect.MUTATING);
    assertThat(after.needs())
        .containsExactly(
            new Claim.Restored("‹steps.r.database›"),
            new Claim.ContentVerified("‹steps.r.database›"));
    assertThat(exchange.identity()).isEqualTo(before);
  }

  @Test
  void a_database_that_still_has_the_name_is_set_aside_in_the_same_moment() throws Exception {
    // when
    var output = action.run(input(), intent(), exchange.world.act("publish"));
    // then
    assertThat(nameOf(mineOid)).isEqualTo(exchange.database);
    assertThat(exchange.named(exchange.database).orElseThrow().allowConnections()).isTrue();
    assertThat(nameOf(exchange.oid)).isEqualTo(output.old().orElseThrow());
    assertThat(output.oid()).isEqualTo(mineOid);
  }

  @Test
  void what_was_given_to_the_one_in_use_meanwhile_and_taken_from_it_is_carried_over()
      throws Exception {
    // given
    var used = exchange.database;
    exchange.world.server().execute("postgres", "ALTER DATABASE " + mine + " SET work_mem = '1MB'");
    exchange.world.server().execute("postgres", "ALTER DATABASE " + used + " SET lock_timeout = 7");
    exchange
        .world
        .server()
        .execute("postgres", "REVOKE TEMPORARY ON DATABASE " + used + " FROM PUBLIC");
    var properties = exchange.world.cluster().properties(used);
    // when
    action.run(input(), intent(), exchange.world.act("publish"));
    // then
    assertThat(nameOf(mineOid)).isEqualTo(used);
    assertThat(exchange.world.cluster().properties(used)).isEqualTo(properties);
  }

  @Test
  void where_the_rename_fails_the_database_in_use_is_open_as_before() throws Exception {
    // given
    var before = exchange.identity();
    var intent = intent();
    exchange.world.server().execute("postgres", "CREATE DATABASE " + intent.occupantName());
    // when, then
    assertThatThrownBy(() -> action.run(input(), intent, exchange.world.act("publish")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("there already is a database");
    assertThat(exchange.identity()).isEqualTo(before);
  }

  @Test
  void a_crash_is_found_at_each_stage_and_made_good() throws Exception {
    // given
    var intent = intent();
    var look = exchange.world.look("publish");
    var cluster = exchange.world.cluster();
    assertThat(action.inspect(input(), intent, look)).isInstanceOf(Observed.NotDone.class);
    // when connections to both are off
    cluster.closeDatabase(mine);
    cluster.closeDatabase(exchange.database);
    assertThat(action.inspect(input(), intent, look)).isInstanceOf(Observed.Partly.class);
    // and a second attempt comes, whose intent is the first one's
    var again = action.intend(input(), Optional.of(intent), look);
    assertThat(again.occupantWasOpen()).isTrue();
    action.run(input(), again, exchange.world.act("publish"));
    // then
    assertThat(action.inspect(input(), intent, look)).isInstanceOf(Observed.Done.class);
    action.run(input(), again, exchange.world.act("publish"));
    assertThat(nameOf(exchange.oid)).isEqualTo(intent.occupantName());
  }

  @Test
  void a_private_database_that_is_gone_is_nothing_to_guess_about() throws Exception {
    // given
    var intent = intent();
    exchange.world.server().execute("postgres", "DROP DATABASE " + mine);
    // when, then
    assertThat(action.inspect(input(), intent, exchange.world.look("publish")))
        .isInstanceOf(Observed.Unknown.class);
    assertThatThrownBy(() -> action.run(input(), intent, exchange.world.act("publish")))
        .isInstanceOf(StepFailed.class);
  }

  @Test
  void undone_the_old_one_has_its_name_and_the_published_one_is_kept() throws Exception {
    // given
    var before = exchange.identity();
    var intent = intent();
    action.run(input(), intent, exchange.world.act("publish"));
    // when
    unpublish(intent);
    // then
    assertThat(exchange.identity()).isEqualTo(before);
    assertThat(nameOf(mineOid))
        .isEqualTo(Private.undone(exchange.database, exchange.world.look("x").run()));
  }

  @Test
  void a_rollback_is_refused_where_a_later_run_has_replaced_what_this_one_published()
      throws Exception {
    // given
    var intent = intent();
    action.run(input(), intent, exchange.world.act("publish"));
    var call = action.undo(input(), exchange.world.planning("publish")).orElseThrow();
    var with = exchange.world.input(undo, Exchange.yaml(call.with()), Exchange.undoing(intent));
    assertThat(undo.preview(with, exchange.world.look("publish/undo")).problems()).isEmpty();
    // when
    var cluster = exchange.world.cluster();
    cluster.closeDatabase(exchange.database);
    cluster.execute("postgres", Private.rename(exchange.database, exchange.database + "_later"));
    cluster.execute("postgres", "CREATE DATABASE " + exchange.database);
    // then
    assertThat(undo.preview(with, exchange.world.look("publish/undo")).problems())
        .singleElement()
        .asString()
        .contains("is not the one that this run published");
  }

  @Test
  void undone_half_way_the_database_in_use_is_open_again() throws Exception {
    // given
    var before = exchange.identity();
    var intent = intent();
    exchange.world.cluster().closeDatabase(exchange.database);
    // when
    unpublish(intent);
    // then
    assertThat(exchange.identity()).isEqualTo(before);
    assertThat(nameOf(mineOid)).isEqualTo(mine);
  }

  @Test
  void nothing_is_renamed_where_the_database_to_go_back_to_is_gone() throws Exception {
    // given
    var intent = intent();
    action.run(input(), intent, exchange.world.act("publish"));
    Databases.execute(
        "postgres", "UPDATE pg_database SET datconnlimit = -2 WHERE oid = " + exchange.oid);
    for (var cut : List.of("short", "gone")) {
      // when, then
      assertThatThrownBy(() -> unpublish(intent))
          .as(cut)
          .isInstanceOf(StepFailed.class)
          .hasMessage("the database to go back to (oid " + exchange.oid + ") is gone");
      assertThat(nameOf(mineOid)).isEqualTo(exchange.database);
      assertThat(exchange.named(exchange.database).orElseThrow().allowConnections()).isTrue();
      Databases.execute("postgres", "DROP DATABASE IF EXISTS " + intent.occupantName());
    }
  }

  @Test
  void nothing_is_renamed_where_the_database_that_recreate_kept_was_dropped() throws Exception {
    // given
    var world = exchange.nameTakenAway();
    var aside = Private.setAside(exchange.database, world.look("publish").run());
    var file = Sample.backup(exchange.world, "{}").file();
    Databases.execute("postgres", Private.rename(exchange.database, aside));
    var intent = intent();
    action.run(input(), intent, world.act("publish"));
    assertThat(intent.keptOid()).isEqualTo(exchange.oid);
    Databases.execute("postgres", "DROP DATABASE " + aside);
    // when, then
    assertThatThrownBy(() -> unpublish(intent, world))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("(oid " + exchange.oid + ") is gone")
        .hasMessageContaining("no safety backup");
    assertThat(nameOf(mineOid)).isEqualTo(exchange.database);
    // but with a safety backup
    var owed = new Claim.Owes("name:" + exchange.database, "no name");
    unpublish(
        intent, exchange.world.holding(owed, new Claim.SafetyBackup(exchange.database, file)));
    // then
    assertThat(exchange.named(exchange.database)).isEmpty();
  }

  @Test
  void the_kept_database_is_known_by_its_oid_and_not_by_its_name() throws Exception {
    // given
    var world = exchange.nameTakenAway();
    var aside = Private.setAside(exchange.database, world.look("publish").run());
    Databases.execute("postgres", Private.rename(exchange.database, aside));
    var intent = intent();
    action.run(input(), intent, world.act("publish"));
    Databases.execute("postgres", Private.rename(aside, exchange.database + "_mine"));
    // when
    unpublish(intent, world);
    // then
    assertThat(exchange.named(exchange.database)).isEmpty();
  }

  @Test
  @Tag("fault")
  void what_an_interrupted_drop_has_left_is_not_published() {
    Databases.execute(
        "postgres", "UPDATE pg_database SET datconnlimit = -2 WHERE oid = " + mineOid);
    assertThatThrownBy(this::intent)
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("interrupted DROP DATABASE");
  }
}
