package pgrunbook.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DumpScannerTest {
  private static final String HEADER =
      """
      --
      -- PostgreSQL database dump
      --

      \\restrict k3Y

      -- Dumped from database version 15.18 (Debian 15.18-0)
      -- Dumped by pg_dump version 16.2

      SET client_encoding = 'UTF8';
      SET standard_conforming_strings = on;
      SELECT pg_catalog.set_config('search_path', '', false);

      """;
  private static final String FOOTER =
      """

      --
      -- PostgreSQL database dump complete
      --

      \\unrestrict k3Y

      """;

  private static DumpContents scan(String text) {
    return scan(text.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
  }

  private static DumpContents scan(byte[] bytes, int piece) {
    var scanner = new DumpScanner("f.sql");
    for (var at = 0; at < bytes.length; at += Math.min(piece, bytes.length - at)) {
      scanner.accept(bytes, at, at + Math.min(piece, bytes.length - at));
    }
    return scanner.finish();
  }

  private static DumpContents body(String sql) {
    return scan(HEADER + sql + FOOTER);
  }

  private static List<String> whats(DumpContents contents) {
    return contents.problems().stream().map(p -> p.what()).toList();
  }

  @Test
  void the_header_and_the_end_are_read() {
    // when
    var contents = body("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA public;\n");
    // then
    assertThat(contents.problems()).isEmpty();
    assertThat(contents.complete()).isTrue();
    assertThat(contents.serverVersion()).contains("15.18 (Debian 15.18-0)");
    assertThat(contents.dumpVersion()).contains("16.2");
    assertThat(contents.encoding()).contains("UTF8");
    assertThat(contents.extensions()).containsExactly("uuid-ossp");
  }

  @Test
  void a_dump_of_an_older_pg_dump_has_no_restrict_lines() {
    var old = (HEADER + FOOTER).replaceAll("\\\\(un)?restrict k3Y\n", "");
    assertThat(scan(old).problems()).isEmpty();
    assertThat(scan(old.replace("\n", "\r\n")).problems()).isEmpty();
  }

  @Test
  void every_role_is_found_wherever_it_is_named() {
    // when
    var contents =
        body(
            """
            ALTER TABLE public.t OWNER TO owner;
            ALTER FUNCTION public.f(a integer) OWNER TO "Odd Owner";
            GRANT SELECT(a),INSERT(b) ON TABLE public.t TO reader WITH GRANT OPTION;
            GRANT ALL ON SCHEMA s TO PUBLIC, second GRANTED BY third;
            REVOKE ALL ON FUNCTION public.f(a integer) FROM fourth;
            ALTER DEFAULT PRIVILEGES FOR ROLE fifth IN SCHEMA s GRANT SELECT ON TABLES  TO sixth;
            ALTER DEFAULT PRIVILEGES FOR ROLE fifth REVOKE ALL ON TYPES  FROM PUBLIC;
            CREATE SCHEMA x AUTHORIZATION seventh;
            SET SESSION AUTHORIZATION 'eighth';
            SET SESSION AUTHORIZATION DEFAULT;
            CREATE POLICY p ON public.t FOR SELECT TO ninth, tenth USING ((a = 1));
            CREATE USER MAPPING FOR eleventh SERVER s;
            SELECT 'OWNER TO nobody'; -- GRANT x TO nobody
            """);
    // then
    assertThat(contents.problems()).isEmpty();
    assertThat(contents.roles())
        .containsExactlyInAnyOrder(
            "owner",
            "Odd Owner",
            "reader",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 'a\\! b', 'it''s \\connect';",
        "SELECT E'it\\'s \\\\ \\! touch';",
        "SELECT \"a\\!\"\"b\\c\";",
        "SELECT $$ \\! touch ' \" $x$ $$, $a1$ \\connect $$ $a2$ $a1$;",
        "/* \\! /* nested \\! */ \\! ' */ SELECT 1;",
        "-- \\! touch 'x\nSELECT 1;",
        "SELECT a$b$c, a$$ FROM t;",
        "SELECT 1 - - 2 / 3 * 4, 5--\\! c\n;",
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $_$ BEGIN DROP DATABASE x;"
            + " COMMIT; \\connect y END $_$;",
        "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC SELECT CASE WHEN a THEN b END; COMMIT; END;",
        "COMMENT ON TABLE t IS 'DROP DATABASE x; \\connect y';",
        "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2);",
        "BEGIN;\n\nSELECT pg_catalog.lo_open('1', 131072);\nSELECT pg_catalog.lowrite(0, '\\x00');\n"
            + "SELECT pg_catalog.lo_close(0);\n\nCOMMIT;",
      })
  void what_is_inside_of_quotes_comments_and_bodies_is_no_command(String sql) {
    assertThat(body(sql + "\n").problems()).isEmpty();
  }

  static Stream<String> hidden() {
    return Stream.of(
        "\\! touch PWNED",
        "SELECT 1 \\! touch PWNED",
        "SELECT 1 \\g | touch PWNED",
        "SELECT '\\' \\! touch PWNED\n;",
        "SELECT $a$ $$ $a$ \\! touch PWNED\n;",
        "SELECT E'\\\\' \\! touch PWNED\n;",
        "/* */ \\! touch PWNED",
        "SELECT E'a'\n'b\\' \\! touch PWNED\n;",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC\nCOPY t FROM stdin;\n"
            + "\\! touch PWNED\n\\.\nEND;",
        "SELECT (1;\nCOPY t FROM stdin;\n\\! touch PWNED\n\\.\n);",
        "CREATE TEMP TABLE t(a text);\nCOPY t FROM stdin;\nx\n\\.\r\n\\! touch PWNED",
        "SELECT _e'\\' \\! touch PWNED\n;",
        "SELECT \u00e4$$ \\! touch PWNED",
        "SET standard_conforming_strings = off;\nSELECT '\\'; SELECT '\n\\! touch PWNED\n';",
        "SELECT set_config('standard_conforming_strings', 'off', false);\n"
            + "SELECT '\\'; SELECT ' \\! touch PWNED\n';",
        "WITH a AS (SELECT set_config('standard_conforming_strings', 'off', false)) TABLE a;\n"
            + "SELECT '\\'; SELECT ' \\! touch PWNED\n';",
        "SET U&\"standard\\005fconforming_strings\" = off;\nSELECT '\\'; SELECT '\n\\! touch PWNED\n';",
        "SET NAMES 'SJIS';\nSELECT E'\u00c3\\' \\! touch PWNED\n';",
        "SET client_encoding = 'Shift-JIS';\nSELECT E'\u00c3\\' \\! touch PWNED\n';",
        "-- \r\\! touch PWNED",
        "SELECT E'a'\r'b\\' ' \\! touch PWNED\n';",
        "SELECT 1e--\\! touch PWNED\n;",
        "SELECT :e'\\' \\! touch PWNED\n';",
        "SELECT :x$$ ' $$ \\! touch PWNED\n';",
        "b'0' CREATE FUNCTION f() BEGIN; COPY t FROM stdin;\n\\! touch PWNED\n\\.",
        "U&'0' CREATE FUNCTION f() BEGIN; COPY t FROM stdin;\n\\! touch PWNED\n\\.",
        "CREATE FUNCTION f() 1xBEGIN; COPY t FROM stdin;\n\\! touch PWNED\n\\.",
        "CREATE FUNCTION pg_temp.f(a int[], begin int) RETURNS int[] LANGUAGE sql RETURN a[1:begin];"
            + "\nCREATE TEMP TABLE t(a text);\nCOPY t FROM stdin;\n'\n\\.\n\\! touch PWNED\n--' END;");
  }

  /** Proves both: that psql runs the command, and that we refuse the file. */
  @Tag("hostile")
  @ParameterizedTest
  @Tag("hostile")
  @MethodSource("hidden")
  void a_psql_command_in_disguise_is_refused(String sql, @TempDir Path folder) throws Exception {
    // given
    var file = folder.resolve("x.sql");
    var touched = folder.resolve("touched");
    Files.writeString(file, sql.replace("PWNED", touched.toString()));
    Dumps.SERVER.run("psql", "-X", "-d", "postgres", "-f", file.toString());
    // then
    assertThat(touched).exists();
    assertThat(body(sql + "\n").problems()).isNotEmpty();
  }

  /** psql takes the mark away, and then the first word is another one. */
  @Test
  void a_byte_order_mark_is_refused(@TempDir Path folder) throws Exception {
    // given
    var sql = "\ufeffe'\\' ' \\! touch PWNED\n';\n";
    var touched = folder.resolve("touched");
    var file = Files.writeString(folder.resolve("x.sql"), sql.replace("PWNED", touched.toString()));
    Dumps.SERVER.run("psql", "-X", "-d", "postgres", "-f", file.toString());
    // then
    assertThat(touched).exists();
    assertThat(whats(scan(sql + HEADER + FOOTER)))
        .containsExactly("the file begins with a byte order mark");
  }

  @Test
  @Tag("hostile")
  void what_two_versions_of_psql_read_differently_is_refused() {
    for (var sql : List.of("1e'\\' \\! touch x '", "1e5e+", "0x1e-1", "1begin", "$1e", "1e- 5")) {
      assertThat(whats(body("SELECT " + sql + ";\n")))
          .as(sql)
          .contains("a number runs into something else");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1e-5, 1.5E+10, 1.e5, .5e1, 0x1f, 1_000, a[1:2], a[b:c], $1, b::text, 1..5"})
  void numbers_and_colons_are_what_they_are(String sql) {
    assertThat(body("SELECT " + sql + ";\n").problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"UTF8", "SQL_ASCII", "LATIN1", "WIN1252", "EUC_JP", "KOI8R", "ISO_8859_5"})
  void a_dump_may_be_written_in_what_a_server_can_be(String encoding) {
    assertThat(body("SET client_encoding = '" + encoding + "';\n").problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SJIS", "S-J-I-S", "shiftjis", "WIN932", "windows949", "GBK", "big 5", "UHC", "x"})
  void an_encoding_with_quotes_inside_of_characters_is_refused(String encoding) {
    assertThat(whats(body("SET client_encoding = '" + encoding + "';\n")))
        .containsExactly("the dump is written in " + encoding);
  }

  @Test
  @Tag("hostile")
  void the_restrict_lines_have_to_be_one_matching_pair() {
    for (var bad :
        List.of(
            HEADER + FOOTER.replace("k3Y", "other"),
            HEADER + FOOTER.replace("k3Y", "`touch x`"),
            HEADER + "\\restrict k3Y\n" + FOOTER,
            HEADER + "\\unrestrict k3Y\n" + FOOTER,
            HEADER + FOOTER + "\\unrestrict k3Y\n",
            HEADER + FOOTER.replace("\\unrestrict k3Y", ""),
            HEADER.replace("\\restrict k3Y", "") + FOOTER)) {
      assertThat(scan(bad).problems()).as(bad).isNotEmpty();
    }
  }

  @Test
  @Tag("hostile")
  void statements_beyond_the_database_are_refused_with_their_line() {
    // when
    var problems =
        body("""
        DROP DATABASE IF EXISTS prod;
        create database prod TEMPLATE template0;
        ALTER DATABASE prod RENAME TO x;
        ALTER SYSTEM SET a = 1;
        DROP ROLE app;
        COPY t FROM PROGRAM 'id';
        COPY t TO '/tmp/x';
        """)
            .problems();
    // then
    assertThat(problems).hasSize(7);
    assertThat(problems.getFirst().toString())
        .isEqualTo(
            """
            f.sql:14:1: the dump reaches beyond its database: DROP DATABASE
              hint: it was made with -C; dump again without --create (and without --clean)\
            """);
    assertThat(problems.getLast().at().line()).isEqualTo(20);
  }

  @Test
  @Tag("hostile")
  void transactions_of_its_own_are_for_large_objects_only() {
    assertThat(whats(body("COMMIT;\n")))
        .containsExactly("the dump controls transactions itself: COMMIT");
    assertThat(whats(body("ROLLBACK;\n"))).hasSize(1);
    assertThat(whats(body("START TRANSACTION;\n"))).hasSize(1);
    assertThat(whats(body("BEGIN;\nSELECT pg_catalog.lo_create('1');\n")))
        .containsExactly("the dump begins a transaction and does not commit it");
    assertThat(whats(body("BEGIN;\nCREATE TABLE x();\nCOMMIT;\n"))).isNotEmpty();
  }

  @Test
  @Tag("hostile")
  void nothing_may_stand_behind_the_end() {
    assertThat(whats(scan(HEADER + FOOTER + "SELECT 1;\n")))
        .containsExactly("something stands behind the end marker");
    assertThat(whats(scan(HEADER + FOOTER + HEADER + FOOTER))).isNotEmpty();
    assertThat(scan(HEADER + FOOTER + "\n\n--\n").problems()).isEmpty();
  }

  @Test
  @Tag("hostile")
  void the_end_marker_inside_of_something_else_is_none() {
    var marker = "-- PostgreSQL database dump complete\n";
    for (var open :
        List.of("SELECT '\n", "SELECT $$\n", "/*\n", "SELECT (\n", "COPY t FROM stdin;\n")) {
      var contents = scan(HEADER + open + marker);
      assertThat(contents.complete()).as(open).isFalse();
      assertThat(contents.problems()).as(open).hasSizeGreaterThan(1);
    }
  }

  @Test
  @Tag("hostile")
  void a_dump_that_is_cut_anywhere_is_refused() {
    var whole =
        (HEADER
                + "COPY s.\"T\" (a, \"b c\") FROM stdin;\n1\tx\n2\t\\N\n\\.\n\nSELECT E'a', $$b$$;\n"
                + FOOTER)
            .getBytes(StandardCharsets.UTF_8);
    for (var length = 0; length < whole.length - "\n\n".length(); length++) {
      var cut = Arrays.copyOf(whole, length);
      assertThat(scan(cut, 4096).problems()).as("first %d bytes", length).isNotEmpty();
    }
    assertThat(scan(whole, 4096).problems()).isEmpty();
  }

  @Test
  void the_size_of_the_pieces_does_not_matter() {
    // given
    var rows =
        "1\t2024-01-01 12:00:00.5+05:30\t\\N\r\n\\.x\tlong" + "g".repeat(300) + "\r\n\n\\.\n";
    var sql =
        "COPY s.t (a, b, c) FROM stdin;\n"
            + rows
            + "INSERT INTO s.u VALUES (1, '(),'), (2, f((3)));\nSELECT $tag$ $ta $tag$, E'\\'', 'x''y';\n";
    var whole = (HEADER + sql + FOOTER).getBytes(StandardCharsets.UTF_8);
    var expected = scan(whole, Integer.MAX_VALUE);
    assertThat(expected.problems()).isEmpty();
    assertThat(expected.tables().getFirst().sums().count()).isEqualTo(3);
    assertThat(expected.inserted()).containsEntry(new TableName("s", "u"), 2L);
    // then
    for (var piece = 1; piece < 120; piece++) {
      assertThat(scan(whole, piece)).as("pieces of %d", piece).isEqualTo(expected);
    }
  }

  @Test
  @Tag("hostile")
  void damage_that_psql_would_swallow_is_refused() {
    assertThat(whats(body("SELECT 'a\0b';\n"))).contains("the file holds NUL bytes");
    assertThat(whats(body("COPY t FROM stdin;\na\0b\n\\.\n"))).contains("the file holds NUL bytes");
    assertThat(whats(body("SET client_encoding = 'SJIS';\n")))
        .containsExactly("the dump is written in SJIS");
    assertThat(whats(body("COPY t FROM stdin WITH (FORMAT csv);\n\\.\n")))
        .containsExactly("COPY with options");
    assertThat(whats(body("COPY t FROM stdin; SELECT 1;\n\\.\n"))).isNotEmpty();
  }

  @Test
  @Tag("hostile")
  void a_dump_with_any_byte_changed_is_read_to_its_end(TestReporter reporter) {
    var sql = "COPY s.\"T\" (a) FROM stdin;\nx\n\\.\nCREATE TABLE t (a int DEFAULT 1e5, b text);\n";
    var good = (HEADER + sql + FOOTER).getBytes(StandardCharsets.UTF_8);
    var signs = "'\"$\\-/*;()\n\r\0:e1 \u00ff".getBytes(StandardCharsets.ISO_8859_1);
    for (var at = 0; at < good.length; at++) {
      for (var sign : signs) {
        var changed = good.clone();
        changed[at] = sign;
        var contents = scan(changed, 4096);
        assertThat(contents.complete() || !contents.problems().isEmpty()).isTrue();
        assertThat(scan(changed, 7)).as("pieces of 7").isEqualTo(contents);
      }
    }
    reporter.publishEntry("inputs", Integer.toString(good.length * signs.length));
  }
}
