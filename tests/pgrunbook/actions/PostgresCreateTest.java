package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.testing.TestWorld.journaled;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Claim;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;

class PostgresCreateTest {
  private final PostgresCreate action = new PostgresCreate();
  private final PostgresCreate.Input input = new PostgresCreate.Input();
  private Exchange exchange;

  @BeforeEach
  void a_database_in_use(@TempDir Path folder) throws Exception {
    exchange = new Exchange(folder);
  }

  @AfterEach
  void close() {
    exchange.close();
  }

  private PostgresCreate.Intent intent() throws StepFailed {
    return journaled(action.intend(input, Optional.empty(), exchange.world.look("create")));
  }

  @Test
  void a_plan_shows_the_sql_and_changes_nothing() {
    // given
    var before = exchange.world.cluster().databaseNames();
    // when
    var preview = action.preview(input, exchange.world.planning("create"));
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.commands().getFirst())
        .startsWith("CREATE DATABASE \"" + exchange.database + "_restore_‹run›\"")
        .contains("TEMPLATE template0");
    assertThat(preview.leaves())
        .containsExactly(new Claim.DatabaseEmpty("‹steps.create.database›"));
    assertThat(exchange.world.cluster().databaseNames()).isEqualTo(before);
  }

  @Test
  void the_private_database_is_like_the_one_in_use_and_empty() throws Exception {
    // when
    var output = action.run(input, intent(), exchange.world.act("create"));
    // then
    var cluster = exchange.world.cluster();
    assertThat(output.database())
        .isEqualTo(Private.restoring(exchange.database, exchange.world.look("x").run()));
    assertThat(cluster.properties(output.database()).statementsFor("x"))
        .isEqualTo(cluster.properties(exchange.database).statementsFor("x"))
        .hasSizeGreaterThanOrEqualTo(4);
    assertThat(cluster.database(output.database()).orElseThrow().encoding())
        .isEqualTo(exchange.named(exchange.database).orElseThrow().encoding());
    int tables =
        cluster.read(
            output.database(),
            connection -> {
              try (var rows =
                  connection
                      .createStatement()
                      .executeQuery(
                          "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")) {
                rows.next();
                return rows.getInt(1);
              }
            });
    assertThat(tables).isZero();
  }

  @Test
  @Tag("fault")
  void a_template1_that_somebody_works_in_is_in_nobodys_way() throws Exception {
    try (var busy = exchange.world.server().connect("template1")) {
      // when
      var output = action.run(input, intent(), exchange.world.act("create"));
      // then
      assertThat(busy.isValid(1)).isTrue();
      assertThat(exchange.named(output.database())).isPresent();
    }
  }

  @Test
  void without_a_database_in_use_there_is_nothing_to_be_like() throws Exception {
    // given
    exchange.world.server().execute("postgres", "DROP DATABASE " + exchange.database);
    // when
    var preview = action.preview(input, exchange.world.planning("create"));
    // then
    assertThat(preview.problems()).singleElement().asString().contains("there is no database");
    assertThatThrownBy(this::intent).isInstanceOf(StepFailed.class);
  }

  @Test
  void a_crash_is_found_at_each_stage_and_made_good() throws Exception {
    // given
    var intent = intent();
    var look = exchange.world.look("create");
    assertThat(action.inspect(input, intent, look)).isInstanceOf(Observed.NotDone.class);
    // when it came as far as the database without its properties
    exchange.world.cluster().execute("postgres", intent.statements().getFirst());
    assertThat(action.inspect(input, intent, look)).isInstanceOf(Observed.Partly.class);
    var again = action.intend(input, Optional.of(intent), look);
    assertThat(again).isEqualTo(intent);
    action.run(input, again, exchange.world.act("create"));
    // then
    assertThat(action.inspect(input, intent, look))
        .isEqualTo(new Observed.Done<>(new PostgresCreate.Output(intent.database())));
  }

  @Test
  void its_undo_drops_it_and_no_other() throws Exception {
    // given
    var intent = intent();
    action.run(input, intent, exchange.world.act("create"));
    var undo = new PostgresDropPrivate();
    var call = action.undo(input, exchange.world.planning("create")).orElseThrow();
    var with = exchange.world.input(undo, Exchange.yaml(call.with()), Exchange.undoing(intent));
    var undoIntent = undo.intend(with, Optional.empty(), exchange.world.look("create/undo"));
    assertThat(undo.inspect(with, undoIntent, exchange.world.look("create/undo")))
        .isInstanceOf(Observed.NotDone.class);
    // when
    undo.run(with, undoIntent, exchange.world.act("create/undo"));
    // then
    assertThat(exchange.named(intent.database())).isEmpty();
    assertThat(undo.inspect(with, undoIntent, exchange.world.look("create/undo")))
        .isInstanceOf(Observed.Done.class);
    var other = exchange.world.input(undo, "database: " + exchange.database);
    assertThatThrownBy(
            () -> undo.intend(other, Optional.empty(), exchange.world.look("create/undo")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("is not the private database of this run");
  }

  @Test
  void its_undo_drops_what_was_to_take_its_place_too() throws Exception {
    // given
    var intent = intent();
    var look = exchange.world.look("create/undo");
    var undo = new PostgresDropPrivate();
    var with = exchange.world.input(undo, "database: " + intent.database());
    var undoIntent = undo.intend(with, Optional.empty(), look);
    for (var name : Private.own(exchange.database, look.run())) {
      exchange.world.cluster().execute("postgres", "CREATE DATABASE " + name);
      assertThat(undo.inspect(with, undoIntent, look)).isInstanceOf(Observed.NotDone.class);
      // when
      undo.run(with, undoIntent, exchange.world.act("create/undo"));
      // then
      assertThat(undo.inspect(with, undoIntent, look)).isInstanceOf(Observed.Done.class);
      assertThat(exchange.named(name)).isEmpty();
    }
  }
}
