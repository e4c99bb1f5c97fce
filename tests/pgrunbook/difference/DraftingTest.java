package pgrunbook.difference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.testing.Databases;
import pgrunbook.testing.PostgresServer;

class DraftingTest {
  private static final Path CASES = Path.of("tests/pgrunbook/difference/cases");
  private final PostgresServer server = PostgresServer.shared();

  static Stream<String> cases() throws IOException {
    try (var files = Files.list(CASES)) {
      return files.map(it -> it.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void forward_back_and_forward_again_leave_no_difference(String file) throws Exception {
    // given
    var parts = Files.readString(CASES.resolve(file)).split("(?m)^-- NEW$", 2);

    // when
    var draft = draft(parts[0], parts[1]);

    // then
    assertThat(draft.uncovered()).isEmpty();
    assertThat(draft.forward()).isNotEmpty();
    assertThat(draft.back()).isNotEmpty();
  }

  private Draft draft(String before, String change) throws Exception {
    var wanted = server.createDatabase("wanted");
    server.script(wanted, before + change);
    var id = ScratchDatabases.newId();
    try (var cluster = cluster(id);
        var scratch = ScratchDatabases.beside(cluster, wanted, id)) {
      var migrated = scratch.create();
      server.script(migrated, before);
      return new Drafting(cluster, scratch, List.of("flyway_schema_history"))
          .draft(migrated, wanted);
    } finally {
      assertThat(Databases.of(wanted)).hasSize(1);
    }
  }

  private PlainCluster cluster(String id) {
    var connector =
        new Connector(
            "127.0.0.1",
            server.port(),
            server.user(),
            java.util.Optional.empty(),
            java.util.Optional.empty());
    return new PlainCluster(connector, () -> ScratchDatabases.application(id));
  }

  private static List<String> sql(List<Change> changes) {
    return changes.stream().map(Change::sql).toList();
  }

  @Test
  void whether_a_materialised_view_holds_rows_is_no_difference() throws Exception {
    // given
    var before = "CREATE MATERIALIZED VIEW full_one AS SELECT 1 AS a;";
    // when
    var draft = draft(before, "REFRESH MATERIALIZED VIEW full_one WITH NO DATA;");
    // then
    assertThat(draft.isEmpty()).isTrue();
  }

  @Test
  void a_change_that_pgcodekeeper_does_not_read_is_named() throws Exception {
    // when
    var draft =
        draft(
            "CREATE TABLE a (id int);", "ALTER TABLE a REPLICA IDENTITY FULL; CREATE TABLE b ();");

    // then
    assertThat(sql(draft.forward())).anyMatch(it -> it.startsWith("CREATE TABLE public.b"));
    assertThat(draft.uncovered()).anyMatch(it -> it.contains("public.a replica identity f"));
  }

  @Test
  void a_change_that_fails_is_named_with_its_object() throws Exception {
    // when
    var draft =
        draft(
            "CREATE TYPE st AS ENUM ('a', 'b'); CREATE TABLE k (s st) PARTITION BY LIST (s);",
            "DROP TABLE k; DROP TYPE st; CREATE TYPE st AS ENUM ('a');"
                + "CREATE TABLE k (s st) PARTITION BY LIST (s);");

    // then
    assertThat(draft.uncovered())
        .singleElement()
        .asString()
        .contains("fails: ")
        .contains("public.k")
        .contains("partition key");
  }

  @Test
  void a_value_that_an_enum_loses_costs_no_row_and_what_may_be_a_rename_is_said() throws Exception {
    // when
    var draft =
        draft(
            "CREATE TYPE st AS ENUM ('a', 'b'); CREATE TABLE k (s st, nick text);",
            "DROP TABLE k; DROP TYPE st; CREATE TYPE st AS ENUM ('a', 'c');"
                + "CREATE TABLE k (s st, name text, at date);");

    // then
    assertThat(draft.uncovered()).isEmpty();
    assertThat(sql(draft.forward())).noneMatch(it -> it.contains("DROP COLUMN s"));
    assertThat(draft.forward().stream().flatMap(it -> it.danger().stream()))
        .anyMatch(it -> it.startsWith("value 'b' of enum st is removed"))
        .anyMatch(it -> it.startsWith("column public.k.nick is dropped"));
    assertThat(draft.forward().stream().flatMap(it -> it.notes().stream()))
        .containsExactlyInAnyOrder(
            "a rename? then write instead:"
                + " ALTER TYPE \"public\".\"st\" RENAME VALUE 'b' TO 'c'",
            "a rename? then write instead: ALTER TABLE public.k RENAME COLUMN nick TO name");
  }

  @Test
  void a_constraint_or_a_unique_index_that_goes_for_good_is_dangerous() throws Exception {
    // when
    var draft =
        draft(
            """
            CREATE TABLE k (id int CONSTRAINT k_pk PRIMARY KEY, n int CONSTRAINT low CHECK (n > 0),
              other int CONSTRAINT kept CHECK (other > 0));
            CREATE UNIQUE INDEX k_n ON k (n); CREATE INDEX k_other ON k (other);
            CREATE UNIQUE INDEX k_both ON k (n, other);
            CREATE TABLE gone (id int CONSTRAINT gone_fk REFERENCES k);
            """,
            """
            DROP TABLE gone;
            ALTER TABLE k DROP CONSTRAINT low, DROP CONSTRAINT k_pk, DROP CONSTRAINT kept,
              ADD CONSTRAINT kept CHECK (other > 1);
            DROP INDEX k_n, k_other, k_both; CREATE UNIQUE INDEX k_both ON k (other, n);
            """);

    // then
    assertThat(draft.uncovered()).isEmpty();
    assertThat(draft.forward().stream().flatMap(it -> it.danger().stream()))
        .containsExactlyInAnyOrder(
            "table public.gone is dropped, with its rows",
            "constraint low of public.k is dropped: nothing checks it any more",
            "constraint k_pk of public.k is dropped: nothing checks it any more",
            "unique index public.k_n is dropped: duplicates can come in");
    assertThat(draft.back().stream().flatMap(it -> it.danger().stream())).isEmpty();
  }
}
