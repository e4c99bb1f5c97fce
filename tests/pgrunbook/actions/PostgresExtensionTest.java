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
import org.junit.jupiter.params.provider.CsvSource;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Scope;
import pgrunbook.testing.Databases;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;

/** citext has several versions, and an owner may create it; pageinspect is for superusers. */
class PostgresExtensionTest {
  private final PostgresExtension action = new PostgresExtension();
  private final PostgresDropExtension undo = new PostgresDropExtension();
  private TestWorld world;
  private String database;

  @BeforeEach
  void an_empty_database(@TempDir Path folder) throws Exception {
    database = PostgresServer.shared().createDatabase("extension");
    world = TestWorld.in(folder, database);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private PostgresExtension.Input input(String yaml) {
    return world.input(action, yaml);
  }

  private void sql(String sql) {
    Databases.execute(database, sql);
  }

  private String version() {
    return String.join(
        "",
        Databases.column(database, "SELECT extversion FROM pg_extension WHERE extname = 'citext'"));
  }

  private PostgresExtension.Intent intend(PostgresExtension.Input in) throws Exception {
    return journaled(action.intend(in, Optional.empty(), world.look("ext")));
  }

  private PostgresExtension.Output run(PostgresExtension.Input in) throws Exception {
    return journaled(action.run(in, intend(in), world.act("ext")));
  }

  private PostgresDropExtension.Output undone(PostgresExtension.Intent intent) throws Exception {
    var yaml =
        Exchange.yaml(
            action.undo(input("extension: citext"), world.look("ext")).orElseThrow().with());
    var in = world.input(undo, yaml, TestWorld.undoing(intent));
    var intended = journaled(undo.intend(in, Optional.empty(), world.look("ext/undo")));
    var output = undo.run(in, intended, world.act("ext/undo"));
    assertThat(undo.inspect(in, intended, world.look("ext/undo")))
        .isInstanceOf(Observed.Done.class);
    return output;
  }

  @Test
  void a_plan_says_what_would_be_created_and_creates_nothing() {
    // when
    var preview = action.preview(input("extension: citext"), world.planning("ext"));
    // then
    assertThat(preview.effect()).isEqualTo(Effect.MUTATING);
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.commands())
        .containsExactly("CREATE EXTENSION \"citext\"  -- in " + database);
    assertThat(version()).isEmpty();
  }

  @Test
  void it_is_created_and_its_undo_drops_it_where_nothing_uses_it() throws Exception {
    // given
    var in = input("extension: citext\nversion: \"1.2\"");
    var intent = intend(in);
    assertThat(action.inspect(in, intent, world.look("ext"))).isInstanceOf(Observed.NotDone.class);
    // when
    var output = action.run(in, intent, world.act("ext"));
    // then
    assertThat(output.change()).isEqualTo("created");
    assertThat(output.version()).isEqualTo(version()).isNotEmpty();
    assertThat(action.inspect(in, intent, world.look("ext")))
        .isEqualTo(new Observed.Done<>(output));
    assertThat(action.preview(in, world.planning("ext")).effect()).isEqualTo(Effect.READ_ONLY);
    // and when
    sql("CREATE TABLE users (mail citext)");
    assertThatThrownBy(() -> undone(intent))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("other objects depend on it");
    assertThat(version()).isNotEmpty();
    sql("DROP TABLE users");
    // then
    assertThat(undone(intent).dropped()).isTrue();
    assertThat(version()).isEmpty();
  }

  @Test
  void an_older_one_is_updated_and_the_undo_leaves_it() throws Exception {
    // given
    sql("CREATE EXTENSION citext VERSION '1.4'");
    // when
    var enough = run(input("extension: citext"));
    var in = input("extension: citext\nversion: \"1.5\"");
    var preview = action.preview(in, world.planning("ext"));
    var intent = intend(in);
    var updated = action.run(in, intent, world.act("ext"));
    // then
    assertThat(enough).isEqualTo(new PostgresExtension.Output("citext", "1.4", "none"));
    assertThat(preview.commands())
        .singleElement()
        .asString()
        .contains("ALTER EXTENSION \"citext\" UPDATE TO '1.");
    assertThat(updated.change()).isEqualTo("updated");
    assertThat(version()).isEqualTo(updated.version()).isNotEqualTo("1.4");
    assertThat(undone(intent).dropped()).isFalse();
    assertThat(version()).isEqualTo(updated.version());
  }

  @Test
  void a_crash_after_it_was_created_leaves_it_to_the_undo_to_drop_it() throws Exception {
    // given
    var in = input("extension: citext");
    var intent = intend(in);
    // when: it happened, and nobody wrote down that it did
    sql("CREATE EXTENSION citext");
    // then
    assertThat(action.inspect(in, intent, world.look("ext"))).isInstanceOf(Observed.Done.class);
    assertThat(undone(intent).dropped()).isTrue();
    assertThat(undone(intent).dropped()).isFalse();
    // and when: it did not happen
    var again = action.intend(in, Optional.of(intent), world.look("ext"));
    assertThat(action.run(in, again, world.act("ext")).change()).isEqualTo("created");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "extension: vector_not_here       | the server does not have the extension | postgresql-15-vector-not-here",
        "{extension: citext, version: \"99\"} | offers citext 1.6, and at least 99 is needed | install a newer one",
        "extension: earthdistance         | earthdistance requires cube | put a step postgres.extension for it",
        "{extension: plpgsql, schema: public} | plpgsql is in schema pg_catalog | SET SCHEMA \"public\""
      })
  void what_is_in_the_way_is_a_problem_of_the_plan(String yaml, String what, String hint) {
    // when
    var preview = action.preview(input(yaml), world.planning("ext"));
    // then
    assertThat(preview.problems()).singleElement().asString().contains(what, hint);
    assertThatThrownBy(() -> intend(input(yaml)))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining(what);
  }

  @Test
  void a_role_that_may_not_is_told_what_a_superuser_has_to_run() throws Exception {
    // given
    var trusted = input("extension: citext\nversion: \"1.5\"");
    try (var ordinary = OrdinaryRole.owning(database, world)) {
      // when
      var preview = action.preview(input("extension: pageinspect"), ordinary.act("ext"));
      // then
      assertThat(preview.problems())
          .singleElement()
          .asString()
          .contains("role " + ordinary.name + " may not create or update the extension pageinspect")
          .contains(
              "as a superuser, in database \"" + database + "\": CREATE EXTENSION \"pageinspect\"");
      // and: one that the server trusts it may create
      assertThat(action.preview(trusted, ordinary.act("ext")).problems()).isEmpty();
      var intent = action.intend(trusted, Optional.empty(), ordinary.act("ext"));
      assertThat(action.run(trusted, intent, ordinary.act("ext")).change()).isEqualTo("created");
      // and: it may not update somebody else's
      sql("DROP EXTENSION citext; CREATE EXTENSION citext VERSION '1.4'");
      assertThat(action.preview(trusted, ordinary.act("ext")).problems())
          .singleElement()
          .asString()
          .contains("ALTER EXTENSION \"citext\" UPDATE TO");
    }
  }

  @Test
  void it_goes_where_it_is_said_and_a_database_that_is_not_there_yet_is_no_problem()
      throws Exception {
    // given
    sql("CREATE SCHEMA \"odd one\"");
    var in = input("extension: citext\nschema: odd one");
    // when
    run(in);
    // then
    assertThat(action.preview(in, world.planning("ext")).effect()).isEqualTo(Effect.READ_ONLY);
    // and given one whose name is a word of SQL, and a version that is too old
    sql("DROP EXTENSION citext; CREATE SCHEMA \"order\"");
    sql("CREATE EXTENSION citext SCHEMA \"order\" VERSION '1.4'");
    assertThat(run(input("extension: citext\nschema: order")).change()).isEqualTo("none");
    assertThatThrownBy(
            () -> intend(input("{extension: citext, version: \"1.5\", schema: odd one}")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("citext is in schema order");
    assertThat(version()).isEqualTo("1.4");
    // and given one that somebody moves before it is updated
    var moved = input("{extension: citext, version: \"1.5\", schema: order}");
    var intent = intend(moved);
    sql("ALTER EXTENSION citext SET SCHEMA \"odd one\"");
    assertThatThrownBy(() -> action.run(moved, intent, world.act("ext")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("in schema odd one");
    // and given
    Scope scope = _ -> new Scope.Found.Pending("‹steps.a.database›", Set.of("a"));
    var later = "extension: %s\ndatabase: ${steps.a.database}";
    // when
    Preview fine =
        action.preview(
            world.input(action, later.formatted("citext"), scope), world.planning("ext"));
    Preview not =
        action.preview(
            world.input(action, later.formatted("vektor"), scope), world.planning("ext"));
    // then
    assertThat(fine.problems()).isEmpty();
    assertThat(fine.unknown()).hasSize(1);
    assertThat(not.problems()).hasSize(1);
  }

  @Test
  void versions_are_compared_by_their_numbers() {
    assertThat(ExtensionVersions.ORDER.compare("0.10.0", "0.9.1")).isPositive();
    assertThat(ExtensionVersions.ORDER.compare("1.6", "1.6.0")).isZero();
    assertThat(ExtensionVersions.ORDER.compare("0.5", "0.8.1")).isNegative();
  }
}
