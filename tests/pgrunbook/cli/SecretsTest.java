package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Registry;
import pgrunbook.actions.Actions;
import pgrunbook.journal.Entry;
import pgrunbook.journal.Event;
import pgrunbook.journal.Journal;
import pgrunbook.testing.Canary;
import pgrunbook.testing.Databases;
import pgrunbook.testing.Folders;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;
import pgrunbook.testing.Watchman;
import picocli.CommandLine;

/** Every command, in success and failure, with unusual secrets that have to be found nowhere. */
@Tag("fault")
class SecretsTest {
  private static final Canary PASSWORD =
      Canary.of("c4naryPw'\"%s $d\\ü:@/☃ c4naryEnd", "c4naryPw", "c4naryEnd");
  private static final Canary TOKEN =
      Canary.of("c4naryTok1 'a'\n\"c4naryTok2\\\"\n%c4naryTok3", "c4naryTok");
  private static final Canary WORD = Canary.of("c4nary-Word", "c4nary-Word");
  private static final Canary PIN = Canary.of("q7Z", "q7Z");
  private static final List<Canary> ALL = List.of(PASSWORD, TOKEN, WORD, PIN);

  private static final String HOOK =
      """
      #!/bin/sh
      [ "$1" = check ] && exit 0
      cat .env >&2
      echo "and again: $(sed -n s/^WORD=//p .env)" >&2
      exit 9
      """;

  /** Prints them in many ways, in two writes too, and fails where it is told to. */
  private static final String PRINTS =
      """
      #!/bin/sh
      printf '%s\\n' "$TOKEN" "$WORD $PIN" "$PASSWORD"
      printf '%s\\n' "$TOKEN" "$WORD $PIN" "$PASSWORD" >&2
      printf '%s' "user:$WORD" | base64
      printf '%s' "$PASSWORD" | base64 -w0; echo
      printf '%s' "$PASSWORD" | od -An -v -tx1 | tr -d ' \\n'; echo
      printf '%s' "${WORD%????}"; sleep 0.1; printf '%s\\n' "${WORD#???????}"
      exit ${CODE:-0}
      """;

  @TempDir Path folder;
  private TestProject project;
  private final List<String> ran = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private UnaryOperator<Journal> journals = UnaryOperator.identity();

  @BeforeEach
  void makeProject() throws IOException {
    project = TestProject.in(folder);
    role();
    variables(PASSWORD, project.database(), port());
    project.write("prints.sh", PRINTS);
    project.write("hook.sh", HOOK);
    project.write("wrong.sql", "SELECT ('%s')::int;\n".formatted(WORD.text()));
    Files.createDirectories(folder.resolve("other"));
    project.runbook("leak", leak());
    project.runbook("leak-argv", leakArgv());
    project.runbook("migrate", Files.readString(Path.of("runbooks/migrate.yaml")));
    project.runbook("stamp", Files.readString(Path.of("runbooks/stamp.yaml")));
    Files.createDirectories(folder.resolve("migrations"));
    var prod = Files.readString(folder.resolve("runbooks/environments/prod.yaml"));
    var hooked =
        prod.replace(
                "services:\n",
                """
                services:
                  hooked:
                    stop: [sh, hook.sh, stop]
                    start: [sh, hook.sh, start]
                    check: [sh, hook.sh, check]
                """)
            + "secrets: [TOKEN, WORD]\n";
    project.write("runbooks/environments/prod.yaml", hooked);
    project.write("runbooks/environments/dev.yaml", hooked.replace("name: prod", "name: dev"));
  }

  @AfterEach
  void dropDatabases() {
    project.dropDatabases();
  }

  private static void role() {
    var role = TestProject.UNUSUAL;
    Databases.execute(
        "postgres",
        "SET log_statement = 'none'; SET log_min_error_statement = 'panic';"
            + " DO $do$ BEGIN IF to_regrole('%1$s') IS NULL THEN CREATE ROLE %1$s SUPERUSER LOGIN;"
                .formatted(role)
            + " END IF; END $do$; ALTER ROLE %s PASSWORD '%s'"
                .formatted(role, PASSWORD.text().replace("'", "''")));
  }

  private static int port() {
    return PostgresServer.shared().port();
  }

  private void variables(Canary password, String database, int port) {
    project.write(
        ".env",
        """
        POSTGRES_DB=%s
        POSTGRES_HOST=127.0.0.1
        POSTGRES_PORT=%d
        POSTGRES_USER=%s
        POSTGRES_PASSWORD=%s
        TOKEN=%s
        WORD=%s
        """
            .formatted(
                database,
                port,
                TestProject.UNUSUAL,
                password.asVariable(),
                TOKEN.asVariable(),
                WORD.asVariable()));
  }

  private static String leak() {
    var env =
        """
        {TOKEN: "${env.TOKEN}", WORD: "${env.WORD}", PIN: "${params.pin}",
                  PASSWORD: "${env.POSTGRES_PASSWORD}", CODE: "%d"}\
        """
            .stripTrailing();
    return """
    name: leak
    environment: prod
    params:
      pin: {secret: true}
    steps:
      - id: prints
        action: exec
        with:
          argv: [sh, prints.sh]
          env: %s
          output: text
          repeatable: true
      - id: prints-and-fails
        action: exec
        on_failure: continue
        with:
          argv: [sh, prints.sh]
          env: %s
          repeatable: true
      - id: asks-for-nothing
        action: exec
        with: {argv: [sh, -c, "sleep 0.3; env"], repeatable: true}
      - id: answers
        action: postgres.query
        with: {sql: "select '${env.WORD}' || chr(10) || '${params.pin}'"}
      - id: differs
        action: postgres.query
        on_failure: continue
        with: {sql: "select $q$ ${env.TOKEN} $q$", is: "${env.WORD}"}
      - id: raises
        action: sql
        on_failure: continue
        with:
          no_way_back: nothing is changed
          text: |
            DO $do$ BEGIN
              RAISE EXCEPTION 'no %%', $a$ ${env.TOKEN} $a$
                USING DETAIL = $b$ ${env.TOKEN} $b$, HINT = '${env.WORD} ${params.pin}';
            END $do$;
      - id: casts
        action: sql
        on_failure: continue
        with:
          no_way_back: nothing is changed
          text: select (chr(65) || '${env.WORD}')::int
      - id: hook
        action: service.stop
        on_failure: continue
        with: {services: [hooked]}
      - id: end
        action: exec
        with: {argv: [sh, -c, "test -e go"]}
    """
        .formatted(env.formatted(0), env.formatted(3));
  }

  private static String leakArgv() {
    return """
    name: leak-argv
    environment: prod
    steps:
      - id: shows
        action: exec
        with: {argv: [echo, "${env.WORD}"], repeatable: true}
    """;
  }

  /** Runs a command, and looks at what it has said. */
  private String say(int expected, String... arguments) {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    var all = new ArrayList<>(List.of(arguments));
    ran.add(String.join(" ", all));
    if (!all.contains("-C")) {
      all.addAll(List.of("-C", folder.toString()));
    }
    var exit = new Main(context(out)).execute(all.toArray(String[]::new));
    var said = bytes.toString(StandardCharsets.UTF_8);
    if (exit != expected) {
      wrong.add(all + " ended with " + exit + ", not " + expected + ":\n" + said);
    }
    unseen(all.toString(), said);
    return said;
  }

  private Context context(PrintStream out) {
    var signals = Signals.listen();
    signals.ended();
    return new Context(new Registry(Actions.all()), out, out, false, signals, journals);
  }

  private void unseen(String where, String text) {
    for (var canary : ALL) {
      if (canary.isIn(text)) {
        wrong.add(canary.traces().getFirst() + " in " + where + ":\n" + lines(text, canary));
      }
    }
  }

  private static String lines(String text, Canary canary) {
    return text.lines().filter(canary::isIn).collect(Collectors.joining("\n"));
  }

  private Set<String> commands() {
    var names = new TreeSet<String>();
    collect(new Main(context(System.out)).line(), "", names);
    return names;
  }

  private static void collect(CommandLine line, String before, Set<String> names) {
    line.getSubcommands()
        .forEach((name, sub) -> {
          names.add(before + name);
          collect(sub, before + name + " ", names);
        });
  }

  @Test
  void no_command_shows_or_keeps_a_secret_however_it_ends() throws IOException {
    try (var watchman = new Watchman(ALL, "prints.sh", "sleep 0.1")) {
      wellAndBadly();
      files();
      wrong.addAll(watchman.findings());
      assertThat(watchman.children()).anyMatch(it -> it.contains("pg_dump"));
    }
    if (PASSWORD.isIn(PostgresServer.shared().log())) {
      wrong.add("the password is in the server's log");
    }
    assertThat(wrong).isEmpty();
    assertThat(commands())
        .allSatisfy(command ->
            assertThat(ran)
                .as("a case for '" + command + "'")
                .anyMatch(it -> it.startsWith(command)));
  }

  private void wellAndBadly() throws IOException {
    project.with(Format.CUSTOM);
    say(0, "schema");
    say(0, "lint");
    say(1, "doctor", "--env", "prod");
    say(1, "doctor", "--json");
    planned();
    run();
    backups();
    migrations();
    wrongEnvironments();
  }

  private void planned() {
    var plan = say(0, "plan", "leak", "--set", "pin=" + PIN.text(), "--out", "plan.json");
    var other = say(0, "plan", "leak", "--set", "pin=0ther");
    if (!other.lines().findFirst().equals(plan.lines().findFirst())) {
      wrong.add("the plan's digest tells one secret from another");
    }
    say(0, "plan", "leak", "--set", "pin=" + PIN.text(), "--output", "json");
    say(0, "run", "leak", "--set", "pin=" + PIN.text(), "--dry-run");
    assertThat(say(3, "run", "leak-argv")).contains("a secret in a program's arguments");
    say(2, "plan", "leak", "--set", PIN.text() + WORD.text());
  }

  private void run() {
    var pin = "pin=" + PIN.text();
    say(1, "run", "leak", "--set", pin, "--confirm", project.database());
    var run = project.runId();
    say(0, "status");
    say(0, "runs");
    say(0, "show", run);
    say(0, "show", run, "--journal");
    say(2, "resume");
    project.write("go", "");
    say(3, "resume", "--set", "pin=0ther-than-that");
    say(0, "resume", "--set", pin);
    say(0, "rollback", run, "--set", pin, "--confirm", project.database());
    undecided(pin);
    project
        .edited("prints.sh", "exit ", "exit 1")
        .edited("runbooks/leak.yaml", "CODE: \"0\"", "CODE: \"5\"");
    say(1, "run", "leak", "--set", pin, "--confirm", project.database());
    say(0, "abandon", project.runId(), "--reason", "because of " + WORD.text());
    project.edited(".env", "TOKEN=", "PGRUNBOOK_PARAM_PIN=" + PIN.text() + "\nTOKEN=");
    say(1, "rehearse", "leak");
    say(0, "plan", "leak");
  }

  /** The last step's end is not written down any more. */
  private void undecided(String pin) {
    journals =
        journal ->
            new Journal() {
              @Override
              public Entry append(String event, ObjectNode data) {
                if (event.equals(Event.FINISHED) && data.path("step").asText().equals("end")) {
                  throw new IllegalStateException("killed");
                }
                return journal.append(event, data);
              }

              @Override
              public Instant now() {
                return journal.now();
              }
            };
    say(1, "run", "leak", "--set", pin, "--confirm", project.database());
    journals = UnaryOperator.identity();
    say(4, "resume", "--set", pin);
    say(0, "resume", "--set", pin, "--redo", "end", "--reason", "because of " + WORD.text());
  }

  private void backups() throws IOException {
    project.runbook("backup-prod", Files.readString(Path.of("runbooks/backup-prod.yaml")));
    say(0, "run", "backup-prod");
    say(0, "backups");
    say(0, "backups", "--json", "--verify");
    say(1, "doctor", "--env", "prod");
    say(2, "backups", "open", "none.dump", "--table", "users", "--to", folder + "/users.csv");
    say(0, "backups", "open", "shop.dump", "--table", "users", "--to", folder + "/users.csv");
    say(0, "run", "restore-prod", "--confirm", project.database());
    psql();
  }

  /** A program of its own: psql writes to the terminal by itself. */
  private void psql() {
    child(0, "psql", "--env", "prod", "-c", "select count(*) from users");
    child(3, "psql", "--env", "prod", "-f", "wrong.sql", "--csv");
    say(1, "psql", "--env", "prod", "--json", "-f", "wrong.sql");
  }

  private void child(int expected, String... arguments) {
    var ended = project.run(arguments);
    unseen(List.of(arguments).toString(), ended.said());
    if (ended.exit() != expected) {
      wrong.add(List.of(arguments) + ": " + ended);
    }
  }

  private void migrations() {
    say(0, "migration", "adopt", "--env", "dev");
    say(0, "migration", "status", "--env", "dev");
    say(0, "migration", "history", "--env", "dev");
    say(0, "migration", "new", "Add something", "--env", "dev");
    for (var file : Folders.files(folder.resolve("migrations"))) {
      var name = folder.relativize(file).toString();
      if (name.contains("something")) {
        project.write(name, "SELECT 1;\nSELECT ('%s')::int;\n".formatted(WORD.text()));
      }
    }
    say(1, "run", "migrate", "--env", "dev", "--confirm", project.database());
    say(0, "abandon", project.runId(), "--reason", "over");
    say(3, "migration", "new", "Changed live", "--env", "dev", "--from", "dev");
    say(1, "migration", "status", "--env", "dev");
  }

  private void wrongEnvironments() {
    var other = Canary.of("c4naryPw other", "c4naryPw");
    variables(other, project.database(), port());
    failing(3);
    variables(PASSWORD, project.database(), 1);
    failing(3);
    variables(PASSWORD, "none_of_these", port());
    failing(3, 0);
    project.write(".env", "POSTGRES_PASSWORD=\"" + PASSWORD.text() + "\nTOKEN=" + TOKEN.text());
    failing(2);
    project.write(".env", "POSTGRES_PASSWORD=c4naryPw$c4naryEnd\nc4naryWord-\n");
    failing(2);
    variables(PASSWORD, project.database(), port());
    project.edited(
        "runbooks/environments/prod.yaml", "${env.POSTGRES_PASSWORD}", "\"c4naryPw\" c4naryEnd");
    failing(2);
    init();
  }

  private void failing(int exit) {
    failing(exit, exit);
  }

  private void failing(int exit, int planning) {
    say(planning, "plan", "leak", "--set", "pin=" + PIN.text());
    say(exit, "run", "backup-prod");
    say(1, "doctor", "--env", "prod");
    say(exit == 3 ? 2 : exit, "psql", "--env", "prod", "--json", "-c", "select 1");
    say(exit, "migration", "status", "--env", "prod");
    say(exit == 3 ? 0 : exit, "lint");
  }

  private void init() {
    project.write("other/.env", "POSTGRES_PASSWORD=" + PASSWORD.asVariable() + "\n");
    project.write(
        "other/docker-compose.yml",
        """
        services:
          postgres:
            image: postgres:17
            environment: {POSTGRES_DB: shop, POSTGRES_USER: shop, POSTGRES_PASSWORD: c4naryPw}
        """);
    say(0, "init", "--engine", "pgrunbook:pgrunbook:0.1.0", "-C", folder + "/other");
  }

  /** Everything in the project but what was written there with a secret in it. */
  private void files() throws IOException {
    for (var file : Folders.files(folder)) {
      var name = folder.relativize(file).toString();
      if (!name.matches("(.*/)?(\\.env|docker-compose.yml|wrong.sql|.*_something.sql|prod.yaml)")) {
        var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        unseen(name, text);
      }
    }
  }
}
