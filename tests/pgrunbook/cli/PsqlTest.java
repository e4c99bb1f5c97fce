package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pgrunbook.testing.Databases;
import pgrunbook.testing.Shell;
import pgrunbook.testing.TestProject;

/** psql on a plain server, with the psql of this machine. */
class PsqlTest {
  @TempDir static Path folder;
  private static TestProject project;
  private static Shell shell;

  @BeforeAll
  static void a_project_with_a_protected_and_another_environment() throws IOException {
    project = TestProject.in(folder);
    shell = new Shell(folder);
    var prod = Files.readString(folder.resolve("runbooks/environments/prod.yaml"));
    project.write(
        "runbooks/environments/dev.yaml",
        prod.replace("name: prod", "name: dev").replace("protected: true", "protected: false"));
    Databases.execute(project.database(), "CREATE TABLE notes (id int, note text)");
  }

  @AfterAll
  static void drop() {
    project.dropDatabases();
  }

  private static long sessions() {
    return Databases.sessions("pgrunbook/psql/").size();
  }

  @Test
  void without_a_name_it_is_the_environment_dev_and_is_said_to_be() {
    var ended = shell.run("$RUNBOOK psql -c 'SELECT 6 * 7' -- -At").exits(0);
    assertThat(ended.out()).isEqualTo("42\n");
    assertThat(ended.err()).contains("dev: database " + project.database() + " at ");
    assertThat(ended.said()).doesNotContain(TestProject.PASSWORD);
  }

  @Test
  void where_several_are_as_good_one_has_to_be_named(@TempDir Path other) {
    // given
    var two = TestProject.in(other);
    two.write("runbooks/environments/staging.yaml", "name: staging\n");
    // when
    var ended = two.run("psql", "-c", "SELECT 1").exits(2);
    // then
    assertThat(ended.err()).contains("which environment?", "--env prod, --env staging");
    two.dropDatabases();
  }

  @Test
  void a_protected_environment_is_read_only_unless_it_is_asked_for_otherwise() {
    var insert = "-c \"INSERT INTO notes VALUES (1, 'by psql')\"";
    // when
    var refused = shell.run("$RUNBOOK psql --env prod " + insert).exits(1);
    var done = shell.run("$RUNBOOK psql --env prod --write " + insert).exits(0);
    // then
    assertThat(refused.err())
        .contains("prod (protected): database", "read-only, --write opens it for changes")
        .contains("cannot execute INSERT in a read-only transaction");
    assertThat(done.err()).contains("OPEN FOR CHANGES, because of --write");
    assertThat(Databases.column(project.database(), "SELECT note FROM notes WHERE id = 1"))
        .containsExactly("by psql");
  }

  @Test
  void several_texts_and_files_run_in_their_order_and_the_first_mistake_stops_them() {
    // given
    project.write("two.sql", "SELECT 'two'\n;\nSELECT 'not\n\n', zwei;\n");
    project.write("included.sql", "SELECT 'included';\n");
    project.write("one.sql", "\\ir included.sql\n");
    // when
    var line = "$RUNBOOK psql --env dev -c \"SELECT 'zero'\" -f one.sql -f two.sql -c 'SELECT 3'";
    var ended = shell.run(line + " -- -At").exits(3);
    // then
    assertThat(ended.out()).isEqualTo("zero\nincluded\ntwo\n");
    assertThat(ended.err()).contains("psql:two.sql:5: ERROR:  column \"zwei\" does not exist");
  }

  @Test
  void what_comes_in_is_run_and_may_be_data() {
    // when
    var sql = "printf 'SELECT 1;\\nCOPY notes FROM stdin;\\n7\\tseven\\n\\\\.\\nSELEKT;\\n'";
    var script = shell.run(sql + " | $RUNBOOK psql --env dev -- -At").exits(3);
    var copy = "printf '8\\teight\\n' | $RUNBOOK psql --env dev -c '\\copy notes from stdin'";
    shell.run(copy).exits(0);
    var loop =
        shell.run(
            "printf 'a\\nb\\n' | while read x; do $RUNBOOK psql --env dev -c \"SELECT '$x'\" -- -At; done");
    // then
    assertThat(script.err()).contains("psql:<stdin>:5: ERROR:  syntax error");
    assertThat(
            Databases.column(project.database(), "SELECT note FROM notes WHERE id > 6 ORDER BY id"))
        .containsExactly("seven", "eight");
    assertThat(loop.exits(0).out()).isEqualTo("a\nb\n");
  }

  @Test
  void rows_come_as_csv_or_as_json_that_keeps_what_JSON_has_a_kind_for() {
    // given
    project.write(
        "rows.sql",
        """
        SELECT 1 AS one, 2.50 AS price, NULL AS nothing, true AS yes, 'a "b"
        c' AS text, '{"x": [1, null]}'::jsonb AS json, date '2026-02-03' AS day,
          ARRAY[1, NULL, 3] AS list, ARRAY[ARRAY['a,b', '{"c"}'], ARRAY['NULL', '']] AS nested,
          'NaN'::float8 AS nan, 9007199254740993 AS long, 'a?b' ? 'c' AS mark
          FROM (SELECT) s
        """
            .replace("'a?b' ? 'c'", "'{\"c\":1}'::jsonb ? 'c'"));
    // when
    var json = shell.run("$RUNBOOK psql --env dev --json -f rows.sql").exits(0);
    var csv = shell.run("$RUNBOOK psql --env prod --csv -c \"SELECT 1 AS a, 'x,y' AS b\"").exits(0);
    // then
    assertThat(json.out())
        .isEqualTo(
            """
            [{"one":1,"price":2.50,"nothing":null,"yes":true,"text":"a \\"b\\"\\nc",\
            "json":{"x": [1, null]},"day":"2026-02-03","list":[1,null,3],\
            "nested":[["a,b","{\\"c\\"}"],["NULL",""]],"nan":"NaN","long":9007199254740993,\
            "mark":true}]
            """);
    assertThat(csv.out()).isEqualTo("a,b\n1,\"x,y\"\n");
  }

  @Test
  void every_statement_with_rows_is_an_array_of_its_own_and_large_ones_stream() {
    // when
    var several = "SELECT 1 AS a; CREATE TEMP TABLE t (b int); SELECT * FROM t; SELECT 2 AS c";
    var ended = shell.run("$RUNBOOK psql --env dev --json -c '" + several + "'").exits(0);
    var large =
        shell.run(
            "$RUNBOOK psql --env dev --json -c \"SELECT g, repeat('x', 1000) AS x FROM"
                + " generate_series(1, 300000) g\" | tail -n 1 | cut -c 1-12");
    // then
    assertThat(ended.out()).isEqualTo("[{\"a\":1}]\n[]\n[{\"c\":2}]\n");
    assertThat(large.exits(0).out()).isEqualTo(" {\"g\":300000\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--json -c 'SELECT 1 a, 2 a'     | 1 | two columns are called 'a'",
        "--json -c '\\dt'                | 2 | a command of psql, such as \\dx, yields no JSON",
        "--json --csv -c 'SELECT 1'      | 2 | --csv and --json exclude each other",
        "--json -c SELEKT                | 1 | syntax error",
        "-f missing.sql                  | 2 | cannot read the file missing.sql",
        "prod                            | 2 | an environment is named so: --env prod",
        "-c 'SELECT 1' -- -Ath other     | 2 | would lead somewhere else",
        "-c 'SELECT 1' -- --d=other      | 2 | would lead somewhere else",
        "-c 'SELECT 1' -- --datab other  | 2 | would lead somewhere else",
        "-c 'SELECT 1' -- -A host=other  | 2 | 'host=other' is no option of psql",
        "-c 'SELECT 1' -- -v a=1 host=x  | 2 | 'host=x' is no option of psql",
        "-c 'SELECT 1' -- -- other       | 2 | '--' is no option",
        "-c 'SELECT 1' -- --comm=x       | 2 | is no option that psql may be given here",
        "--database nix -c 'SELECT 1'    | 2 | database \"nix\" does not exist",
        "--env produ -c 'SELECT 1'       | 2 | did you mean 'prod'",
        "-c SELEKT                       | 1 | syntax error"
      })
  void a_mistake_has_its_exit_code_and_a_hint(String arguments, int exit, String message) {
    assertThat(shell.run("$RUNBOOK psql " + arguments).exits(exit).err()).contains(message);
  }

  @Test
  void a_reader_that_has_seen_enough_ends_it_quietly() {
    // when
    var ended =
        shell.run("$RUNBOOK psql --env dev -c 'SELECT generate_series(1, 3000000)' | head -n 3");
    // then
    assertThat(ended.out().lines()).hasSize(3);
    assertThat(ended.err()).doesNotContain("ERROR", "xception");
    assertThat(sessions()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"INT,--csv", "TERM,--csv", "TERM,--json"})
  void a_signal_cancels_the_query_on_the_server(String signal, String how) {
    // given
    var child = project.cli().start("psql", "--env", "dev", how, "-c", "SELECT pg_sleep(60)");
    child.until("the query", () -> sessions() > 0);
    // when
    var ended = child.signal(signal).end();
    // then
    ended.exits(130);
    assertThat(sessions()).isZero();
  }

  @Test
  void a_person_has_a_terminal_a_prompt_with_the_name_and_a_history() throws IOException {
    // given
    project.write(
        ".psqlrc", "\\set QUIET 1\n\\pset pager off\n\\set mine 'my own'\n\\set PROMPT1 '>'\n");
    var prompt = "prod (ro)\u001b[0m " + project.database() + "=#";
    // when
    var person = shell.atTerminal("psql --env prod").sees("read-only, --write").sees(prompt);
    person.types("SELECT 41 + 1 AS answer, :'mine';\n").sees("42 | my own").sees(prompt, 2);
    person.types("SELECT pg_sleep(60);\n");
    while (Databases.column(
            "postgres",
            "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'pgrunbook/psql/%' AND state = 'active' AND query LIKE '%sleep%'")
        .isEmpty()) {
      assertThat(person.process().isAlive()).isTrue();
    }
    person.pressesControlC().sees("canceling statement due to user request").sees(prompt, 3);
    person.types("CREATE TABLE never (a int);\n").sees("in a read-only transaction");
    person.types("\\q\n").end().exits(0);
    // then
    assertThat(sessions()).isZero();
    assertThat(folder.resolve(".pgrunbook/psql/prod.history"))
        .content()
        .contains("SELECT 41 + 1 AS answer", "CREATE TABLE never");
    assertThat(Files.getPosixFilePermissions(folder.resolve(".pgrunbook/psql/prod.history")))
        .hasSize(2);
    // and when
    var again = shell.atTerminal("psql --env prod --write").sees("OPEN FOR CHANGES").sees("=#");
    again.types("\u0010\u0010\n").sees("CREATE TABLE never"); // twice Ctrl-P
    again.types("\\q\n").end().exits(0);
    assertThat(
            Databases.column(project.database(), "SELECT 1 FROM pg_class WHERE relname = 'never'"))
        .hasSize(1);
  }
}
