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
import pgrunbook.action.Act;
import pgrunbook.action.Claim;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Scope;
import pgrunbook.postgres.Cluster;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.Rows;
import pgrunbook.testing.Interposed;

class PostgresCopyTest {
  private final PostgresCopy action = new PostgresCopy();
  private final PostgresCopy.Input input = new PostgresCopy.Input();
  private final PostgresUseCopy undo = new PostgresUseCopy();
  private Exchange exchange;

  @BeforeEach
  void a_database_in_use(@TempDir Path folder) throws Exception {
    exchange = new Exchange(folder);
  }

  @AfterEach
  void close() {
    exchange.close();
  }

  private PostgresCopy.Intent intent() throws StepFailed {
    return journaled(action.intend(input, Optional.empty(), exchange.world.look("copy")));
  }

  /** As the engine gives it: without an output where the step has not finished. */
  private PostgresUseCopy.Input wayBack(PostgresCopy.Intent intent, long copyOid) {
    var call = action.undo(input, exchange.world.planning("copy")).orElseThrow();
    var of = Exchange.undoing(intent);
    return exchange.world.input(
        undo,
        Exchange.yaml(call.with()),
        path ->
            !path.get(1).equals("output")
                ? of.find(path)
                : copyOid == 0 ? new Scope.Found.Absent() : new Scope.Found.Is(copyOid));
  }

  private List<Integer> users() {
    return exchange
        .world
        .cluster()
        .read(
            exchange.database,
            connection ->
                Rows.of(connection, "SELECT id FROM users ORDER BY id", row -> row.getInt(1)));
  }

  @Test
  void a_plan_shows_the_sql_and_the_disk_and_changes_nothing() {
    // given
    var before = exchange.world.cluster().databaseNames();
    // when
    var preview = action.preview(input, exchange.world.planning("copy"));
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.commands())
        .startsWith("ALTER DATABASE \"" + exchange.database + "\" ALLOW_CONNECTIONS false")
        .endsWith("ALTER DATABASE \"" + exchange.database + "\" ALLOW_CONNECTIONS true");
    assertThat(preview.commands().get(1))
        .startsWith("CREATE DATABASE \"" + exchange.database + "_copy_‹run›\"")
        .contains("TEMPLATE \"" + exchange.database + "\" STRATEGY FILE_COPY");
    assertThat(preview.facts().toString()).contains("disk of the server", "the copy needs");
    assertThat(preview.leaves()).containsExactly(new Claim.SafetyCopy(exchange.database));
    assertThat(exchange.world.cluster().databaseNames()).isEqualTo(before);
  }

  @Test
  void the_copy_is_whole_has_the_same_properties_and_nobody_gets_in() throws Exception {
    // given
    var before = exchange.identity();
    try (var session = exchange.world.server().connect(exchange.database)) {
      // when
      var output = action.run(input, intent(), exchange.world.act("copy"));
      // then
      assertThat(session.isValid(1)).isFalse();
      assertThat(exchange.identity()).isEqualTo(before);
      var cluster = exchange.world.cluster();
      var copy = cluster.database(output.database()).orElseThrow();
      assertThat(copy.oid()).isEqualTo(output.oid()).isNotEqualTo(exchange.oid);
      assertThat(copy.allowConnections()).isFalse();
      assertThat(cluster.properties(output.database()).statementsFor("x"))
          .isEqualTo(cluster.properties(exchange.database).statementsFor("x"));
    }
  }

  @Test
  void its_undo_gives_the_copy_the_name_and_keeps_what_has_changed() throws Exception {
    // given
    var before = exchange.identity();
    var intent = intent();
    var output = action.run(input, intent, exchange.world.act("copy"));
    exchange.world.server().execute(exchange.database, "INSERT INTO users VALUES (2)");
    var with = wayBack(intent, output.oid());
    assertThat(undo.preview(with, exchange.world.look("copy/undo")).problems()).isEmpty();
    var way = undo.intend(with, Optional.empty(), exchange.world.look("copy/undo"));
    assertThat(undo.inspect(with, way, exchange.world.look("copy/undo")))
        .isInstanceOf(Observed.Partly.class);
    // when
    var back = undo.run(with, way, exchange.world.act("copy/undo"));
    // then
    assertThat(users()).containsExactly(1);
    assertThat(exchange.named(exchange.database).orElseThrow().oid()).isEqualTo(output.oid());
    assertThat(exchange.identity().subList(1, before.size()))
        .isEqualTo(before.subList(1, before.size()));
    assertThat(exchange.old().orElseThrow().name()).isEqualTo(back.keptAs().orElseThrow());
    // and again, as after a crash
    assertThat(undo.inspect(with, way, exchange.world.look("copy/undo")))
        .isEqualTo(new Observed.Done<>(back));
    assertThat(undo.run(with, way, exchange.world.act("copy/undo"))).isEqualTo(back);
    assertThat(users()).containsExactly(1);
  }

  @Test
  void a_crash_is_found_at_each_stage_and_made_good() throws Exception {
    // given
    var intent = intent();
    var look = exchange.world.look("copy");
    assertThat(action.inspect(input, intent, look)).isInstanceOf(Observed.NotDone.class);
    // when it was closed only
    exchange.world.cluster().closeDatabase(exchange.database);
    assertThat(action.inspect(input, intent, look)).isInstanceOf(Observed.Partly.class);
    // and when each statement was the last
    for (var sql : intent.statements()) {
      assertThat(action.inspect(input, intent, look)).isInstanceOf(Observed.Partly.class);
      exchange.world.cluster().execute("postgres", sql);
    }
    assertThat(action.inspect(input, intent, look)).isInstanceOf(Observed.Partly.class);
    var output = action.run(input, intent, exchange.world.act("copy"));
    // then
    assertThat(action.inspect(input, intent, look)).isEqualTo(new Observed.Done<>(output));
    assertThat(exchange.old().orElseThrow().allowConnections()).isTrue();
  }

  @Test
  void the_undo_of_a_copy_that_was_not_finished_only_opens_the_database_again() throws Exception {
    // given
    var before = exchange.identity();
    var intent = intent();
    exchange.world.cluster().closeDatabase(exchange.database);
    exchange.world.cluster().execute("postgres", intent.statements().getFirst());
    var with = wayBack(intent, 0);
    var way = undo.intend(with, Optional.empty(), exchange.world.look("copy/undo"));
    // when
    var back = undo.run(with, way, exchange.world.act("copy/undo"));
    // then
    assertThat(back.keptAs()).isEmpty();
    assertThat(exchange.identity()).isEqualTo(before);
    assertThat(exchange.named(intent.copy())).isEmpty();
    assertThat(undo.inspect(with, way, exchange.world.look("copy/undo")))
        .isEqualTo(new Observed.Done<>(back));
  }

  @Test
  @Tag("fault")
  void where_copying_fails_the_database_is_open_again() throws Exception {
    // given
    var intent = intent();
    var act = exchange.world.act("copy");
    var broken =
        Interposed.in(
            Cluster.class,
            act.cluster(),
            "manage",
            _ -> {
              throw new PostgresException("disk full", "free some");
            });
    // when, then
    assertThatThrownBy(
            () -> action.run(input, intent, Interposed.in(Act.class, act, "cluster", _ -> broken)))
        .hasMessageContaining("disk full");
    assertThat(exchange.old().orElseThrow().allowConnections()).isTrue();
    assertThat(exchange.named(intent.copy())).isEmpty();
  }

  @Test
  @Tag("fault")
  void a_copy_that_is_gone_and_a_name_that_went_to_another_are_no_way_back() throws Exception {
    // given
    var intent = intent();
    var output = action.run(input, intent, exchange.world.act("copy"));
    var with = wayBack(intent, output.oid());
    var way = undo.intend(with, Optional.empty(), exchange.world.look("copy/undo"));
    // when somebody has replaced the database
    var cluster = exchange.world.cluster();
    cluster.execute("postgres", Private.rename(exchange.database, exchange.database + "_mine"));
    cluster.execute("postgres", "CREATE DATABASE " + exchange.database);
    // then
    assertThatThrownBy(() -> undo.run(with, way, exchange.world.act("copy/undo")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("is not the one that was copied");
    assertThatThrownBy(() -> action.run(input, intent, exchange.world.act("copy")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("is not the database any more");
    // and when the copy was dropped
    cluster.execute("postgres", "DROP DATABASE \"" + intent.copy() + "\"");
    assertThatThrownBy(() -> undo.run(with, way, exchange.world.act("copy/undo")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("is gone");
    assertThat(undo.preview(with, exchange.world.look("copy/undo")).problems().toString())
        .contains("the copy " + intent.copy() + " (oid " + output.oid() + ") is gone");
  }
}
