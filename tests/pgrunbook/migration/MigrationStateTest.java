package pgrunbook.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationStateTest {
  @TempDir Path folder;

  private Migrations files(String... scripts) throws IOException {
    for (var script : scripts) {
      Files.writeString(folder.resolve(script), "SELECT '" + script + "'");
    }
    var read = Migrations.read(folder);
    return new Migrations(folder, "migrations", read.all(), read.problems());
  }

  private static HistoryRow row(int rank, String version, String type, int checksum, boolean ok) {
    return row(rank, version, "it", type, checksum, ok);
  }

  private static HistoryRow row(
      int rank, String version, String description, String type, int checksum, boolean ok) {
    return new HistoryRow(
        rank,
        Version.parse(version),
        description,
        type,
        "V" + version + "__" + description + ".sql",
        checksum == 0 ? Optional.empty() : Optional.of(checksum),
        "somebody",
        Instant.EPOCH,
        1,
        ok,
        Optional.empty());
  }

  private static HistoryRow applied(int rank, Migration file) {
    return row(rank, file.version().toString(), file.description(), "SQL", file.checksum(), true);
  }

  private static History history(HistoryRow... rows) {
    return new History(
        "public", true, "history", true, Arrays.asList(rows), 7, List.of(), List.of());
  }

  private static List<String> odd(MigrationState state) {
    return state.odd().stream().map(it -> it.problem().at() + "|" + it.problem().what()).toList();
  }

  @Test
  void what_was_not_applied_is_pending() throws IOException {
    var files = files("V1__a.sql", "V2__b.sql", "V10__c.sql");
    var state = MigrationState.of(files, history(applied(1, files.all().getFirst())));
    assertThat(state.current()).contains(Version.of("1"));
    assertThat(state.pending())
        .extracting(it -> it.version().toString())
        .containsExactly("2", "10");
    assertThat(state.odd()).isEmpty();
    assertThat(state.inStep()).isFalse();
  }

  @Test
  void every_odd_one_is_named_with_its_file_or_row() throws IOException {
    var files = files("V1__a.sql", "V2__b.sql", "V4__d.sql", "V5__e.sql");
    var state =
        MigrationState.of(
            files,
            history(
                row(1, "1", "SQL", 17, true),
                row(2, "3", "SQL", 18, true),
                applied(3, files.find(Version.of("4")).orElseThrow()),
                row(4, "5", "SQL", 0, false),
                row(5, "9", "SQL", 19, true)));
    assertThat(state.odd().getFirst().problem().hint().orElseThrow())
        .endsWith("'stamp' the version that the database is at"); // not 1: rows behind it would go
    assertThat(odd(state))
        .containsExactly(
            "migrations/V1__a.sql|it was changed after it was applied: checksum "
                + files.all().getFirst().checksum()
                + ", in row 1 (1 it) of the history 17",
            "|row 2 (3 it) of the history has no file V3__it.sql in migrations",
            "|row 4 (5 it) of the history failed half-way",
            "|row 5 (9 it) of the history is newer than all files in migrations",
            "migrations/V2__b.sql|it was never applied, but the database is at 9 already");
    assertThat(state.odd().getFirst().problem().hint().orElseThrow()) // 1 would forget the others
        .endsWith("'stamp' the version that the database is at");
  }

  @Test
  void a_baseline_stands_for_all_before_it() throws IOException {
    var files = files("V1__a.sql", "V2__b.sql", "V3__c.sql");
    var state = MigrationState.of(files, history(row(1, "2", "BASELINE", 0, true)));
    assertThat(state.odd()).isEmpty();
    assertThat(state.pending()).extracting(Migration::script).containsExactly("V3__c.sql");
  }

  @Test
  void a_row_that_was_taken_back_does_not_count() throws IOException {
    var files = files("V1__a.sql", "V2__b.sql");
    var first = applied(1, files.all().getFirst());
    var second = applied(2, files.all().getLast());
    var state = MigrationState.of(files, history(first, second, row(3, "2", "UNDO_SQL", 5, true)));
    assertThat(state.current()).contains(Version.of("1"));
    assertThat(state.pending()).extracting(Migration::script).containsExactly("V2__b.sql");
  }

  @Test
  void a_file_under_another_name_is_odd_and_a_stamp_mends_it() throws IOException {
    var files = files("V1__a.sql", "V2__b.sql");
    var first = row(1, "1", "old", "SQL", files.all().getFirst().checksum(), true);
    var second = applied(2, files.all().getLast());
    var state = MigrationState.of(files, history(first, second));
    assertThat(odd(state))
        .containsExactly(
            "migrations/V1__a.sql|it was applied under another name: row 1 (1 old) of the history,"
                + " V1__old.sql of type SQL");
    var stamped = state.stamped(files, state.current());
    assertThat(stamped).extracting(HistoryRow::description).containsExactly("a", "b");
    assertThat(stamped.getLast()).isEqualTo(second);
    assertThat(MigrationState.of(files, history(stamped.toArray(HistoryRow[]::new))).inStep())
        .isTrue();
  }

  @Test
  void a_schema_without_history_is_to_be_adopted() throws IOException {
    var history =
        new History(
            "public", true, "h", false, List.of(), 3, List.of("alembic_version"), List.of());
    var state = MigrationState.of(files("V1__a.sql"), history);
    assertThat(odd(state))
        .containsExactly(
            "|schema public has 3 objects but no history (h); another tool's table is there:"
                + " alembic_version");
  }

  @Test
  void a_schema_that_is_not_there_is_told_before_anything_runs() throws IOException {
    var history = new History("my-app", false, "h", false, List.of(), 0, List.of(), List.of());
    var state = MigrationState.of(files("V1__a.sql"), history);
    assertThat(odd(state))
        .containsExactly("|there is no schema my-app for the migrations and their history");
    assertThat(state.odd().getFirst().problem().hint().orElseThrow())
        .contains("CREATE SCHEMA \"my-app\"");
  }

  @Test
  void what_is_wrong_with_files_is_told_at_once() throws IOException {
    files("V1__a.sql", "V01__b.sql", "U2__x.sql", "R__views.sql", "users.sql");
    Files.writeString(folder.resolve("V3__empty.sql"), " \n");
    Files.write(folder.resolve("V4__latin.sql"), new byte[] {'-', '-', (byte) 0xe4});
    Files.writeString(folder.resolve("README.md"), "no migration");
    Files.writeString(folder.resolve("V5__big.SQL"), "SELECT 1");
    Files.createDirectories(folder.resolve("2026/more"));
    Files.createDirectories(folder.resolve("notes"));
    Files.writeString(folder.resolve("2026/more/V6__deep.sql"), "SELECT 1");
    var problems = Migrations.read(folder).problems();
    assertThat(problems)
        .extracting(it -> Path.of(it.at().file()).getFileName() + ": " + it.what())
        .satisfiesOnlyOnce(it -> assertThat(it).contains("it has the version of V"))
        .contains(
            "U2__x.sql: there is no V file of version 2 that it would take back",
            "R__views.sql: the name is not one of a migration",
            "users.sql: the name is not one of a migration",
            "V3__empty.sql: the file is empty",
            "V4__latin.sql: the file is not UTF-8",
            "V5__big.SQL: a migration's name ends with .sql in small letters",
            "2026: it is a folder with SQL files, which are not read")
        .hasSize(8);
    assertThat(problems).allMatch(it -> it.hint().isPresent());
  }

  @Test
  void versions_are_compared_number_by_number() {
    assertThat(Version.of("1.10")).isGreaterThan(Version.of("1.9"));
    assertThat(Version.of("1.0")).isEqualTo(Version.of("1")).hasSameHashCodeAs(Version.of("1"));
    assertThat(Version.of("1_2")).hasToString("1.2");
    assertThat(Version.parse("1.")).isEmpty();
    assertThat(Version.parse("latest")).isEmpty();
  }
}
