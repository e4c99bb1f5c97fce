package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.testing.Runs;
import pgrunbook.testing.Shell;
import pgrunbook.testing.TestProject;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.WithDocker;

/** psql in the server's container, and pgvector: PostgreSQL 17 with the extension. */
@WithDocker
class ComposePsqlTest {
  private static TestStack stack;
  private static Shell shell;

  @BeforeAll
  static void up() {
    stack = TestStack.prod().up();
    shell = new Shell(stack.folder());
  }

  @AfterAll
  static void down() {
    stack.close();
  }

  private static String sessions() {
    return stack.psql(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'pgrunbook/psql/%'");
  }

  private static String programs() {
    return stack
        .compose("exec", "-T", "postgres", "sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")
        .out();
  }

  @Test
  void texts_files_of_this_machine_and_what_comes_in_are_run_in_the_container() {
    // given
    stack.write("bad.sql", "SELECT 'first';\nSELECT 'ä'\n  , nix;\n");
    stack.write("backups/seen.sql", "SELECT 'from the mount';\n");
    // when
    var file =
        shell.run("$RUNBOOK psql --env prod -c \"SELECT 'zero'\" -f bad.sql -- -At").exits(3);
    var input = shell.run("echo \"SELECT 'comes in'\" | $RUNBOOK psql --env prod -- -At").exits(0);
    var two = shell.run("$RUNBOOK psql --env prod -f backups/seen.sql -f bad.sql -- -At").exits(3);
    var not = shell.run("$RUNBOOK psql --env prod -f bad.sql -f bad.sql").exits(2);
    var data = "printf '9999\\ta\\tb\\t2026-01-01\\n' | $RUNBOOK psql --env prod";
    var refused = shell.run(data + " -c '\\copy users from stdin'").exits(1);
    shell.run(data + " --write -c '\\copy users from stdin'").exits(0);
    // then
    assertThat(file.out()).isEqualTo("zero\nfirst\n");
    assertThat(file.err())
        .contains("prod (protected): database shop in service postgres of Compose project")
        .contains("read-only", "psql:bad.sql:3: ERROR:  column \"nix\" does not exist")
        .doesNotContain("pgrunbook: exit", TestProject.PASSWORD);
    assertThat(input.out()).isEqualTo("comes in\n");
    assertThat(two.out()).isEqualTo("from the mount\nfirst\n");
    assertThat(not.err()).contains("psql in a container can be sent one file");
    assertThat(refused.err()).contains("cannot execute COPY FROM in a read-only transaction");
    assertThat(stack.psql("DELETE FROM users WHERE id = 9999 RETURNING name")).isEqualTo("b");
  }

  @Test
  void rows_come_as_they_are() {
    // when
    var csv = shell.run("$RUNBOOK psql --env prod --csv -c \"SELECT 1 AS a, 'x,y' AS b\"").exits(0);
    var large =
        shell.run(
            "$RUNBOOK psql --env prod -c 'SELECT g FROM generate_series(1, 500000) g' -- -At"
                + " | md5sum");
    var wanted = shell.run("seq 500000 | md5sum");
    var head =
        shell.run("$RUNBOOK psql --env prod -c 'SELECT generate_series(1, 3000000)' | head -n 3");
    // then
    assertThat(csv.out()).isEqualTo("a,b\n1,\"x,y\"\n");
    assertThat(large.exits(0).out()).isEqualTo(wanted.out());
    assertThat(head.out().lines()).hasSize(3);
    assertThat(head.err()).doesNotContain("xception", "was lost");
    assertThat(sessions()).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void a_signal_ends_the_query_in_the_container_too(String signal) {
    // given
    var child = stack.cli().start("psql", "--env", "prod", "-c", "SELECT pg_sleep(120)");
    child.until("the query", () -> !sessions().equals("0"));
    // when
    child.signal(signal).end().exits(130);
    // then
    assertThat(sessions()).isEqualTo("0");
    assertThat(programs()).doesNotContain("--command=SELECT pg_sleep");
  }

  @Test
  void an_environment_whose_container_does_not_run_is_named_with_what_starts_it() {
    assertThat(shell.run("$RUNBOOK psql -c 'SELECT 1'").exits(2).err())
        .contains("service postgres of Compose project", "has no container", "up -d postgres");
  }

  @Test
  void a_person_has_a_terminal_in_the_container_and_the_history_stays_on_this_machine()
      throws Exception {
    // given
    var prompt = "prod (ro)\u001b[0m shop=#";
    // when
    var person = shell.atTerminal("psql --env prod").sees("read-only, --write").sees(prompt);
    person.types("SELECT 41 + 1 AS answer;\n").sees("42").sees(prompt, 2);
    person.types("SELECT pg_sleep(120);\n");
    stack.await(
        "the query",
        () ->
            stack
                .psql(
                    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep(120)%'")
                .equals("1"));
    person.pressesControlC().sees("canceling statement due to user request").sees(prompt, 3);
    person.types("CREATE TABLE never (a int);\n").sees("in a read-only transaction");
    person.types("\\q\n").end().exits(0);
    // then
    assertThat(sessions()).isEqualTo("0");
    var history = stack.folder().resolve(".pgrunbook/psql/prod.history");
    assertThat(Files.readString(history).replace("\\040", " "))
        .contains("SELECT 41 + 1 AS answer", "CREATE TABLE never");
    assertThat(Files.getPosixFilePermissions(history)).hasSize(2);
    assertThat(stack.compose("exec", "-T", "postgres", "ls", "/tmp").out())
        .doesNotContain("history");
    // and when
    var again = shell.atTerminal("psql --env prod --write").sees("OPEN FOR CHANGES").sees("=#");
    again.types("\u0010\u0010").sees("CREATE TABLE never").types("\n").sees("CREATE TABLE\r");
    again.types("DROP TABLE never;\n\\q\n").end().exits(0);
  }

  @Test
  void a_terminal_that_is_closed_ends_the_query_too() {
    // given
    var person = shell.atTerminal("psql --env prod").sees("(ro)");
    person.types("SELECT pg_sleep(121);\n");
    stack.await("the query", () -> !sessions().equals("0"));
    // when
    person.process().destroyForcibly(); // with it the terminal is gone, for the program and psql
    // then
    stack.await("the end of the session", () -> sessions().equals("0"));
    stack.await("the end of psql", () -> !programs().contains("--set=PROMPT1="));
    assertThat(sessions()).isEqualTo("0"); // an interactive psql opens another one if it can
  }

  @Test
  void an_extension_is_created_with_pgvector_and_a_rollback_takes_it_away() {
    // given
    assumeThat(stack.psql("SELECT extname FROM pg_extension")).contains("vector");
    stack.psql("CREATE DATABASE other");
    stack.write(
        "runbooks/vectors.yaml",
        """
        name: vectors
        description: See to pgvector.
        environment: prod
        steps:
          - id: there
            action: postgres.extension
            with: {extension: vector, version: "0.5"}
          - id: other
            action: postgres.extension
            with: {extension: vector, database: other}
        """);
    // when
    var ended = stack.run("run", "vectors").exits(0);
    // then
    assertThat(ended.out())
        .contains("nothing to do: shop has vector", "CREATE EXTENSION \"vector\"  -- in other");
    assertThat(stack.psqlIn("other", "SELECT '[1,2]'::vector <-> '[4,6]'")).isEqualTo("5");
    // and when
    stack.run("rollback", new Runs(stack.folder()).latest(), "--confirm", "shop").exits(0);
    // then
    assertThat(stack.psqlIn("other", "SELECT count(*) FROM pg_extension WHERE extname = 'vector'"))
        .isEqualTo("0");
    assertThat(stack.psql("SELECT count(embedding) FROM documents")).isEqualTo("200");
    stack.psql("DROP DATABASE other");
  }

  @Test
  void a_verification_compares_vectors_and_searches_without_an_index() {
    // given
    assumeThat(stack.psql("SELECT extname FROM pg_extension")).contains("vector");
    var json = "$RUNBOOK psql --env prod --json -c 'SELECT embedding FROM documents WHERE id = 1'";
    assertThat(shell.run(json).exits(0).out()).isEqualTo("[{\"embedding\":[1,1,1]}]\n");
    stack.edited(
        "runbooks/restore-prod.yaml",
        "  - id: verify\n",
        """
          - id: tamper
            action: postgres.query
            with:
              sql: UPDATE documents SET embedding = '[1,1,1.0001]' WHERE id = 1
              effect: mutating
              database: ${steps.recreate.database}
          - id: verify
        """);
    var database = "database: ${steps.recreate.database}\n  - id: publish";
    stack.edited(
        "runbooks/restore-prod.yaml",
        database,
        """
        database: ${steps.recreate.database}
              expect:
                - sql: >-
                    SELECT (SELECT id FROM documents ORDER BY embedding <->
                    (SELECT embedding FROM documents WHERE id = 150) LIMIT 1) = 150
                    AND current_setting('enable_indexscan') = 'off'
                  is: true
                  exact: true
          - id: publish\
        """);
    var shop = Shop.note(stack);
    stack.run("run", "backup-prod").exits(0);
    shop.spoilt();
    // when
    var failed = shop.restore().end().exits(1);
    // then
    assertThat(failed.said()).contains("public.documents").doesNotContain("gave false");
    stack.run("rollback", shop.runs().latest(), "--confirm", "shop").exits(0);
    assertThat(shop.now()).isNotEqualTo(shop.good());
  }
}
