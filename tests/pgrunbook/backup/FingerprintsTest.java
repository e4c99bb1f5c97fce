package pgrunbook.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pgrunbook.backup.Dumps.SERVER;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.backup.Difference.Kind;

class FingerprintsTest {
  private static String rich = "";

  @BeforeAll
  static void database() throws Exception {
    rich = Dumps.database(Dumps.RICH);
  }

  private static Fingerprint take(String database) throws SQLException {
    try (var connection = SERVER.connect(database)) {
      return Fingerprints.take(connection);
    }
  }

  private static String restored(Path folder, String... options) throws Exception {
    var file = Dumps.dump(folder.resolve("b.dump"), rich, "-Fc");
    var copy = SERVER.createDatabase("copy");
    SERVER.run("pg_restore", "--exit-on-error", "-d", copy, file.toString()).ok();
    for (var sql : options) {
      SERVER.script(copy, sql);
    }
    return copy;
  }

  @Test
  void a_restored_database_has_the_same_fingerprint(@TempDir Path folder) throws Exception {
    // given
    var expected = take(rich);
    // when
    var actual = take(restored(folder));
    // then
    assertThat(Fingerprint.compare(expected, actual)).isEmpty();
    assertThat(actual).isEqualTo(expected);
    assertThat(Fingerprint.verdict(expected, actual))
        .isEqualTo(new Verdict.Same(expected.tables().size(), expected.rows(), false, List.of()));
  }

  @Test
  void it_counts_what_holds_data_and_nothing_twice() throws Exception {
    // when
    var fingerprint = take(rich);
    // then
    assertThat(fingerprint.tables())
        .containsKeys(
            new TableName("public", "measured_23"),
            new TableName("public", "cache"),
            new TableName("public", "zero"),
            new TableName("Odd \"schema\"; \\!", "Täble {x} $$ -- /* '"))
        .doesNotContainKey(new TableName("public", "measured"));
    assertThat(fingerprint.rows()).isEqualTo(500 + 5 + 61 + 2 + 1 + 2 + 1);
    assertThat(fingerprint.extensions()).containsKeys("citext", "plpgsql");
    assertThat(fingerprint.largeObjects().count()).isEqualTo(3);
    assertThat(fingerprint.largeObjects().bytes()).isEqualTo(15_000 + 100_013);
    assertThat(fingerprint.materialisedViews())
        .containsOnlyKeys(new TableName("public", "summary"));
    assertThat(fingerprint.sequences())
        .containsEntry(new TableName("public", "counted"), new SequenceState(6, true))
        .containsEntry(new TableName("public", "untouched"), new SequenceState(1, false));
  }

  @Test
  void every_kind_of_difference_is_named(@TempDir Path folder) throws Exception {
    // given
    var expected = take(rich).withSchemaHash("a");
    // when
    var actual =
        take(restored(
                folder,
                """
                UPDATE base SET note = 'changed' WHERE id = 2;
                DELETE FROM measured WHERE at = '2024-01-05';
                CREATE TABLE extra (id int);
                DROP TABLE shrunk;
                SELECT nextval('counted');
                SELECT lo_unlink(1001);
                INSERT INTO users (name, mood) VALUES ('x', 'sad');
                DELETE FROM users WHERE name = 'x';
                CREATE EXTENSION hstore;
                INSERT INTO empty VALUES (1);
                REFRESH MATERIALIZED VIEW never;
                """))
            .withSchemaHash("b");
    var differences = Fingerprint.compare(expected, actual);
    // then
    assertThat(differences)
        .extracting(d -> d.kind() + " " + d.name())
        .containsExactly(
            "SCHEMA ",
            "CONTENT public.child",
            "ROWS public.empty",
            "TABLE_UNEXPECTED public.extra",
            "ROWS public.measured_24",
            "TABLE_MISSING public.shrunk",
            "SEQUENCE public.counted",
            "SEQUENCE public.users_id_seq",
            "EXTENSION hstore",
            "LARGE_OBJECTS ",
            "MATERIALISED_VIEW public.never");
    assertThat(differences.get(4).toString())
        .isEqualTo("rows of public.measured_24: expected 30 rows, found 29 rows");
    assertThat(Fingerprint.verdict(expected, actual))
        .isInstanceOfSatisfying(
            Verdict.Differs.class,
            v ->
                assertThat(v.honest())
                    .extracting(Difference::kind)
                    .containsExactly(Kind.MATERIALISED_VIEW));
  }

  @Test
  void a_stale_materialised_view_is_an_honest_difference(@TempDir Path folder) throws Exception {
    var copy = take(restored(folder, "REFRESH MATERIALIZED VIEW never;"));
    assertThat(Fingerprint.verdict(take(rich), copy))
        .isInstanceOfSatisfying(Verdict.Same.class, v -> assertThat(v.honest()).hasSize(1));
  }

  @Test
  void the_settings_of_a_session_do_not_matter() throws Exception {
    // given
    var expected = take(rich);
    try (var connection = SERVER.connect(rich)) {
      // when
      for (var setting :
          new String[] {
            "IntervalStyle = 'iso_8601'",
            "TimeZone = 'Asia/Kathmandu'",
            "extra_float_digits = 0",
            "bytea_output = 'escape'",
            "search_path = public",
            "xmlbinary = 'hex'"
          }) {
        try (var statement = connection.createStatement()) {
          statement.execute("SET " + setting);
        }
      }
      // then
      assertThat(Fingerprints.take(connection)).isEqualTo(expected);
    }
  }

  @Test
  void it_is_taken_inside_the_snapshot_of_the_transaction() throws Exception {
    var database = Dumps.rows(10);
    try (var connection = SERVER.connect(database)) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      var before = Fingerprints.take(connection);
      SERVER.execute(database, "DELETE FROM t; CREATE TABLE u (id int)");
      assertThat(Fingerprints.take(connection)).isEqualTo(before);
    }
    assertThat(take(database).rows()).isZero();
  }

  @Test
  void rows_that_a_policy_hides_are_an_error_and_not_left_out() throws Exception {
    // given
    var database = Dumps.rows(10);
    SERVER.script(
        database,
        """
        CREATE ROLE reader_%1$s LOGIN;
        GRANT SELECT ON t TO reader_%1$s;
        ALTER TABLE t ENABLE ROW LEVEL SECURITY;
        CREATE POLICY p ON t USING (id < 5);
        """
            .formatted(database));
    try (var connection = SERVER.connect(database);
        var statement = connection.createStatement()) {
      statement.execute("SET ROLE reader_" + database);
      // then
      assertThatThrownBy(() -> Fingerprints.take(connection))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("row-level security");
    }
  }

  @Test
  void json_gives_back_what_it_was_given() throws Exception {
    var fingerprint = take(rich).withSchemaHash("abc");
    assertThat(Fingerprints.fromJson(Fingerprints.toJson(fingerprint))).isEqualTo(fingerprint);
  }
}
