package pgrunbook.backup;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static pgrunbook.backup.Dumps.SERVER;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.backup.TableResult.Outcome;

class CopyComparisonTest {
  private static String rich = "";

  @TempDir private Path folder;

  @BeforeAll
  static void database() throws Exception {
    rich = Dumps.database(Dumps.RICH);
  }

  private DumpContents dumped(String database, String... options) throws Exception {
    var file = Dumps.dump(folder.resolve("b" + System.nanoTime()), database, options);
    var examination = Dumps.examine(file);
    assertThat(examination.problems()).isEmpty();
    return examination.contents();
  }

  private String restored(String change) throws Exception {
    var file = Dumps.dump(folder.resolve("r" + System.nanoTime()), rich, "-Fc");
    var copy = SERVER.createDatabase("copy");
    SERVER.run("pg_restore", "--exit-on-error", "-d", copy, file.toString()).ok();
    SERVER.script(copy, change);
    return copy;
  }

  private static List<TableResult> compare(DumpContents dump, String database) throws Exception {
    try (var connection = SERVER.connect(database)) {
      return CopyComparison.compare(dump, connection);
    }
  }

  private static Map<String, TableResult> notEqual(List<TableResult> results) {
    return results.stream()
        .filter(r -> r.outcome() != Outcome.EQUAL)
        .collect(toMap(r -> r.table().toString(), r -> r));
  }

  private static TableResult of(Map<String, TableResult> results, String table) {
    return Optional.ofNullable(results.get(table)).orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void a_restored_database_holds_the_lines_of_its_dump(Format format) throws Exception {
    // given
    var option =
        switch (format) {
          case PLAIN, GZIP -> "-Fp";
          case CUSTOM -> "-Fc";
          case DIRECTORY -> "-Fd";
        };
    // when
    var results = compare(dumped(rich, option), restored(""));
    // then
    assertThat(results).hasSize(10);
    assertThat(notEqual(results)).isEmpty();
  }

  @Test
  void the_time_zone_and_the_encoding_of_the_dump_do_not_matter() throws Exception {
    var copy = restored("");
    SERVER.script(rich, "ALTER DATABASE " + rich + " SET TimeZone = 'Asia/Kathmandu'");
    assertThat(notEqual(compare(dumped(rich), copy))).isEmpty();
    SERVER.script(rich, "ALTER DATABASE " + rich + " RESET TimeZone");
    assertThat(notEqual(compare(dumped(rich, "-E", "LATIN1"), copy))).isEmpty();
  }

  @Test
  void partitions_that_were_dumped_through_their_root_are_compared_there() throws Exception {
    // when
    var results = compare(dumped(rich, "--load-via-partition-root"), restored(""));
    // then
    assertThat(notEqual(results)).isEmpty();
    assertThat(results)
        .extracting(r -> r.table().toString())
        .contains("public.measured")
        .doesNotContain("public.measured_23");
  }

  @Test
  void what_is_not_the_same_is_named() throws Exception {
    // given
    var copy =
        restored(
            """
            UPDATE users SET price = price + 0.0000000001 WHERE id = 7;
            DELETE FROM measured WHERE at = '2024-01-05';
            DROP TABLE shrunk;
            CREATE TABLE extra AS SELECT 1 AS a;
            CREATE TABLE extra_empty (a int);
            ALTER TABLE cache RENAME v TO w;
            """);
    // when
    var differ = notEqual(compare(dumped(rich), copy));
    // then
    assertThat(differ.values()).allMatch(r -> r.outcome() == Outcome.DIFFERENT);
    assertThat(differ)
        .containsOnlyKeys(
            "public.users", "public.measured_24", "public.shrunk", "public.extra", "public.cache");
    assertThat(of(differ, "public.users").why()).isEqualTo("as many rows, other content");
    assertThat(of(differ, "public.measured_24").why())
        .isEqualTo("the rows differ: 30 in the backup, 29 now");
    assertThat(of(differ, "public.shrunk").actual()).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--inserts", "--rows-per-insert=3"})
  void of_INSERT_statements_only_the_number_is_known(String option) throws Exception {
    // when
    var results = compare(dumped(rich, option), restored("DELETE FROM base WHERE id = 2"));
    // then
    assertThat(results)
        .filteredOn(r -> r.outcome() != Outcome.NOT_VERIFIED)
        .singleElement()
        .satisfies(r -> {
          assertThat(r.outcome()).isEqualTo(Outcome.DIFFERENT);
          assertThat(r.table().name()).isEqualTo("child");
        });
    assertThat(results.getFirst().why()).startsWith("content not verified: ");
  }

  @Test
  void between_major_versions_other_content_is_not_verified() throws Exception {
    // given
    var c = dumped(rich);
    var older =
        new DumpContents(
            c.complete(),
            Optional.of("9.6.24"),
            c.dumpVersion(),
            c.encoding(),
            c.defines(),
            c.extensions(),
            c.namedRoles(),
            c.tablespaces(),
            c.tables(),
            c.inserted(),
            c.sequences(),
            c.largeObjects(),
            c.ownTransactions(),
            c.materialisedViews(),
            c.lines(),
            c.problems());
    // when
    var differ =
        notEqual(
            compare(
                older,
                restored(
                    "UPDATE base SET note = 'x'; DELETE FROM measured WHERE at < '2024-01-01'")));
    // then
    assertThat(of(differ, "public.base").outcome()).isEqualTo(Outcome.NOT_VERIFIED);
    assertThat(of(differ, "public.base").why()).contains("9.6.24");
    assertThat(of(differ, "public.measured_23").outcome()).isEqualTo(Outcome.DIFFERENT);
  }

  @Test
  void times_inside_of_arrays_depend_on_the_time_zone_and_that_is_said() throws Exception {
    // given
    var sql =
        "CREATE TABLE w (a timestamptz[], r tstzrange);"
            + " INSERT INTO w VALUES (ARRAY[now()], tstzrange(now(), NULL));";
    var source = Dumps.database(sql);
    SERVER.execute(source, "ALTER DATABASE " + source + " SET TimeZone = 'Asia/Kathmandu'");
    // when
    var result = compare(dumped(source), source).getFirst();
    // then
    assertThat(result.outcome()).isEqualTo(Outcome.NOT_VERIFIED);
    assertThat(result.why()).contains("time zone");
  }
}
