package pgrunbook.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pgrunbook.text.Refused;

class SqlFactsTest {
  private static final int MANY = 20_000;
  private static final String TEXT = "delete from x; ".repeat(MANY);
  private static final String NOT_READ =
      "can't be told: a statement of so many words was not read to its end";

  private static SqlFacts facts(String sql) throws IOException {
    return SqlFacts.of(new ByteArrayInputStream(sql.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> losses(String sql) throws IOException {
    return facts(sql).losses().stream().map(it -> it.line() + " " + it.shown()).toList();
  }

  /** Many rows, as words and strings that nobody needs. */
  private static String rows() {
    return "(1, 'delete from x; it''s', now(), NULL::jsonb, '{}'),\n".repeat(MANY) + "(2)";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "INSERT INTO t VALUES {rows} ON CONFLICT (a, b) DO UPDATE SET b = 1|overwrites rows of t",
        "INSERT INTO t VALUES {rows}, (lo_unlink(5))|removes large objects",
        "WITH a AS (INSERT INTO t VALUES {rows} RETURNING id) DELETE FROM ONLY s.\"U x\"|deletes rows of s.U x",
        "WITH a AS (SELECT 1), b AS (VALUES {rows}) MERGE INTO s.u USING b|merges into rows of s.u",
        "WITH a AS (VALUES {rows}) UPDATE only u SET x = 1|overwrites rows of u",
        "INSERT INTO t VALUES {rows}; DROP TABLE t|drops table t",
        "COMMENT ON TABLE t IS 'it''s {text}'; TRUNCATE a, b|empties table a,empties table b",
        "DO $b$ BEGIN PERFORM '{text}'; -- $b DELETE FROM no $ b\\n UPDATE v SET x = $x$ {text} $x$; DELETE FROM u; END $b$|overwrites rows of v,deletes rows of u",
        "DO $b$ BEGIN IF x THEN DELETE FROM a; END IF; END $b$ LANGUAGE plpgsql|deletes rows of a",
        "DO E'BEGIN\\tx := 1;\\rDELETE FROM \"a\\'b\"; END'|deletes rows of a'b",
        "DO 'BEGIN EXECUTE ''DROP TABLE x''; END'|can't be told: what execute DROP TABLE x… does",
        "CREATE FUNCTION f() RETURNS void AS $$ DELETE FROM x $$ LANGUAGE sql|",
        "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; DELETE FROM x)|deletes rows of x",
        "SELECT 1 \\ ; DROP TABLE x|drops table x"
      })
  void what_takes_something_away_is_seen_however_long_the_statement_is(String sql, String expected)
      throws IOException {
    var losses =
        facts(sql.replace("{rows}", rows()).replace("{text}", TEXT).replace("\\n", "\n")).losses();
    assertThat(String.join(",", losses.stream().map(Loss::shown).toList()))
        .isEqualTo(expected == null ? "" : expected);
  }

  @Test
  void data_of_copy_is_no_sql_and_lines_are_counted_behind_it() throws IOException {
    // given a quote in the data, which would begin a string
    var sql = "COPY t (a) FROM stdin;\nO'Hara; DROP TABLE no;\n\\.\n\nDELETE FROM t;\nCOMMIT;\n";
    // then
    assertThat(losses(sql)).containsExactly("5 deletes rows of t");
    assertThat(facts(sql).endsTransaction()).contains("line 6: commit");
    assertThat(losses("COPY t FROM stdin;\n1\n"))
        .containsExactly("1 can't be told: COPY data without its end");
  }

  @Test
  void what_is_not_read_whole_is_said() throws IOException {
    assertThat(losses("ALTER TABLE a ADD x int" + ", ADD y int".repeat(MANY)))
        .containsExactly("1 " + NOT_READ);
    assertThat(losses("SELECT 1" + " UNION ALL SELECT 1".repeat(MANY)))
        .containsExactly("1 " + NOT_READ);
    assertThat(losses("\nSELECT 'x"))
        .containsExactly("2 can't be told: the file ends inside a string");
    assertThat(losses("DO E'BEGIN \\104ELETE FROM x; END'"))
        .first()
        .asString()
        .contains("a character written as its number");
    assertThat(losses("DELETE FROM x;\n".repeat(600)))
        .hasSize(501)
        .last()
        .isEqualTo("501 and 100 more losses from here on");
  }

  @Test
  void the_size_of_a_statement_is_that_of_its_text_in_memory() throws IOException {
    var small = "SELECT 1;\n".repeat(1000);
    assertThat(facts(small).largest().bytes()).isLessThan(20);
    assertThat(facts(small + "SELECT '" + "x".repeat(5000) + "';").largest())
        .satisfies(it -> assertThat(it.bytes()).isBetween(5000L, 5020L))
        .satisfies(it -> assertThat(it.line()).isEqualTo(1001));
    assertThat(facts("SELECT '€" + "x".repeat(5000) + "';").largest().bytes())
        .isGreaterThan(10_000);
    assertThat(facts("COPY t FROM stdin;\n" + "x\n".repeat(5000) + "\\.\n").largest().bytes())
        .isGreaterThan(10_000);
  }

  @Test
  void a_large_file_that_is_not_any_more_what_was_read_first_is_refused(@TempDir Path folder)
      throws IOException {
    // given the same checksum for Flyway, which does not look at the ends of lines
    var more = "SELECT 1;\n".repeat(MANY);
    var file = Files.writeString(folder.resolve("V1__x.sql"), "\ufeff-- x\nDROP TABLE a;\n" + more);
    var sql = SqlFile.read(file);
    assertThat(sql.facts().losses()).hasSize(1);
    assertThat(sql.text()).startsWith("--");
    Files.writeString(file, "\ufeff-- xDROP TABLE a;\n" + more);
    // then
    assertThat(SqlFile.read(file).checksum()).isEqualTo(sql.checksum());
    assertThatThrownBy(sql::facts)
        .isInstanceOf(Refused.class)
        .hasMessageContaining("V1__x.sql was changed while it was needed");
    assertThatThrownBy(sql::text).isInstanceOf(Refused.class);
  }

  @Test
  void a_plan_shows_the_beginning_of_many_lines_and_of_a_long_one(@TempDir Path folder)
      throws IOException {
    // given
    var file =
        Files.writeString(
            folder.resolve("V1__x.sql"),
            "\n  SELECT '" + "x".repeat(5000) + "';\r\n\r\n" + "SELECT 1;\n".repeat(300) + "\n");
    // when
    var shown = SqlFile.read(file).shown();
    // then
    assertThat(shown).hasSize(201).startsWith("-- V1__x.sql");
    assertThat(shown.get(1)).startsWith("SELECT 'xxx").endsWith("xxx … and 3012 more characters");
    assertThat(shown.getLast()).isEqualTo("-- … and 102 more lines of V1__x.sql");
  }
}
