package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.TestWorld.journaled;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Scope;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;

class PostgresDropOldTest {
  private final PostgresDropOld action = new PostgresDropOld();
  private final PostgresServer server = PostgresServer.shared();
  private String target;
  private String old;
  private TestWorld world;

  @BeforeEach
  void a_database_and_one_that_was_set_aside(@TempDir Path folder) throws Exception {
    target = server.createDatabase("drop");
    old = target + "_old_20260101_120000_abcd";
    server.execute("postgres", "create database " + old + " template template0");
    world = TestWorld.in(folder, target);
  }

  @AfterEach
  void close() throws Exception {
    world.close();
    server.execute(
        "postgres", "update pg_database set datistemplate = false where datname = '" + old + "'");
  }

  private PostgresDropOld.Input drop(String yaml) {
    return world.input(action, "database: " + old + "\n" + yaml);
  }

  private PostgresDropOld.Intent intend(PostgresDropOld.Input in) throws StepFailed {
    return journaled(action.intend(in, Optional.empty(), world.look("d")));
  }

  private boolean exists(String name) {
    return world.cluster().database(name).isPresent();
  }

  @Test
  void a_plan_names_the_database_by_its_oid_and_drops_nothing() {
    // when
    var preview = action.preview(drop(""), world.planning("d"));
    // then
    var oid = world.cluster().database(old).orElseThrow().oid();
    assertThat(preview.effect()).isEqualTo(Effect.DESTRUCTIVE);
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.commands()).containsExactly("DROP DATABASE \"" + old + "\"");
    assertThat(preview.facts())
        .singleElement()
        .matches(fact -> fact.identity() && fact.value().equals(Long.toString(oid)));
    assertThat(preview.needs()).containsExactly(new Claim.SafetyBackup(target, ""));
    assertThat(preview.headlines()).singleElement().asString().startsWith("drops " + old + " (");
    assertThat(exists(old)).isTrue();
  }

  @Test
  void a_reason_stands_for_the_safety_backup() {
    var preview = action.preview(drop("no_way_back: kept a week"), world.planning("d"));
    assertThat(preview.needs()).isEmpty();
    assertThat(preview.warnings()).containsExactly("no way back: kept a week");
  }

  @Test
  void a_database_that_only_a_run_can_know_is_checked_in_the_run() {
    Scope scope = _ -> new Scope.Found.Pending("‹steps.publish.old›", Set.of("publish"));
    var in = world.input(action, "database: ${steps.publish.old}", scope);
    var preview = action.preview(in, world.planning("d"));
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.unknown()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres",
        "TARGET",
        "TARGET_old_",
        "TARGET_old_system",
        "TARGET_old_20260101_120000",
        "TARGET_old_20260101_120000_abcd_x",
        "other_old_20260101_120000_abcd",
        "_old_20260101_120000_abcd"
      })
  void nothing_but_a_database_that_was_set_aside_is_dropped(String name) {
    // given
    var in = world.input(action, "database: " + name.replace("TARGET", target));
    // then
    assertThat(action.preview(in, world.planning("d")).problems())
        .singleElement()
        .asString()
        .contains("is not the name of a database that a run set aside", old);
    assertThatThrownBy(() -> action.intend(in, Optional.empty(), world.look("d")))
        .isInstanceOf(StepFailed.class);
  }

  @Test
  void a_database_that_is_not_there_is_a_problem_that_names_what_is() {
    var in = world.input(action, "database: " + target + "_old_20260101_120000_zzzz");
    assertThat(action.preview(in, world.planning("d")).problems())
        .singleElement()
        .asString()
        .contains(
            "there is no database '" + target + "_old_20260101_120000_zzzz'", "there is: " + old);
  }

  @Test
  void a_long_name_was_shortened_when_it_was_set_aside() {
    var long63 = "a".repeat(63);
    var suffix = "_old_20260101_120000_abcd";
    assertThat(SetAside.isNamedSo("a".repeat(38) + suffix, long63)).isTrue();
    assertThat(SetAside.isNamedSo("a".repeat(37) + suffix, long63)).isFalse();
    assertThat(SetAside.isNamedSo("a".repeat(80) + suffix, long63)).isFalse();
    assertThat(SetAside.isNamedSo("a_old_b" + suffix, "a_old_b")).isTrue();
  }

  @Test
  void it_is_dropped_and_production_is_not() throws Exception {
    // given
    var in = drop("");
    var intent = intend(in);
    // when
    var output = action.run(in, intent, world.act("d"));
    // then
    assertThat(exists(old)).isFalse();
    assertThat(exists(target)).isTrue();
    assertThat(output.database()).isEqualTo(old);
    assertThat(output.bytes().orElseThrow()).isPositive();
    assertThat(action.inspect(in, intent, world.look("d"))).isEqualTo(new Observed.Done<>(output));
  }

  @Test
  void sessions_keep_it_and_are_named_unless_they_may_be_ended() throws Exception {
    try (var session = server.connect(old)) {
      // given
      session.setClientInfo("ApplicationName", "auditor");
      // when
      var refused = action.preview(drop(""), world.planning("d"));
      var ending = action.preview(drop("end_sessions: true"), world.planning("d"));
      // then
      assertThat(refused.problems())
          .singleElement()
          .asString()
          .contains("is in use by pid", "auditor", "end_sessions: true");
      assertThatThrownBy(() -> intend(drop(""))).isInstanceOf(StepFailed.class);
      assertThat(ending.problems()).isEmpty();
      assertThat(ending.warnings()).singleElement().asString().contains("auditor");
      // when
      var in = drop("end_sessions: true");
      action.run(in, intend(in), world.act("d"));
      // then
      assertThat(exists(old)).isFalse();
    }
  }

  @Test
  void a_template_is_a_problem_with_its_fix() throws Exception {
    server.execute("postgres", "alter database " + old + " is_template true");
    var problems = action.preview(drop(""), world.planning("d")).problems();
    assertThat(problems).singleElement().asString().contains("is a template", "IS_TEMPLATE false");
    assertThatThrownBy(() -> intend(drop("")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("is a template");
  }

  @Test
  void a_subscription_is_a_problem_with_its_fix() throws Exception {
    // given
    server.execute(
        old,
        "create subscription sub connection 'dbname=nowhere' publication p"
            + " with (connect = false, slot_name = none)");
    // then
    assertThat(action.preview(drop(""), world.planning("d")).problems())
        .singleElement()
        .asString()
        .contains("the subscription 'sub'", "DROP SUBSCRIPTION \"sub\"");
    server.execute(old, "drop subscription sub");
  }

  @Test
  void a_crash_before_the_drop_is_not_done_and_one_after_the_closing_is_partly() throws Exception {
    // given
    var in = drop("end_sessions: true");
    var first = intend(in);
    // then
    assertThat(action.inspect(in, first, world.look("d"))).isEqualTo(new Observed.NotDone<>());
    // when
    world.cluster().closeDatabase(old);
    // then
    assertThat(action.inspect(in, first, world.look("d"))).isInstanceOf(Observed.Partly.class);
    // when
    var second = action.intend(in, Optional.of(first), world.look("d"));
    action.run(in, second, world.act("d"));
    // then
    assertThat(second).isEqualTo(first);
    assertThat(exists(old)).isFalse();
  }

  @Test
  void a_drop_that_was_cut_short_is_partly_and_can_be_dropped_again() throws Exception {
    // given
    var in = drop("end_sessions: true");
    var intent = intend(in);
    server.execute(
        "postgres", "update pg_database set datconnlimit = -2 where datname = '" + old + "'");
    // then
    assertThat(action.inspect(in, intent, world.look("d"))).isInstanceOf(Observed.Partly.class);
    // when
    var preview = action.preview(in, world.planning("d"));
    action.run(in, intent, world.act("d"));
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(exists(old)).isFalse();
  }

  @Test
  void the_same_name_on_another_database_is_not_dropped() throws Exception {
    // given
    var in = drop("");
    var intent = intend(in);
    server.execute("postgres", "alter database " + old + " rename to " + target + "_kept");
    server.execute("postgres", "create database " + old);
    // then
    assertThat(action.inspect(in, intent, world.look("d"))).isInstanceOf(Observed.Unknown.class);
    assertThatThrownBy(() -> action.run(in, intent, world.act("d")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("is called " + target + "_kept now");
    assertThat(exists(old)).isTrue();
  }

  @Test
  void nothing_undoes_a_drop() {
    assertThat(action.undo(drop(""), world.look("d"))).isEmpty();
  }
}
