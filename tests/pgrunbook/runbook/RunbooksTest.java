package pgrunbook.runbook;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

class RunbooksTest {
  private static final String RESTORE =
      """
      # yaml-language-server: $schema=runbook.schema.json
      name: restore
      description: Replace the database with a backup.
      environment: prod

      params:
        backup:
          description: file to restore, or latest
          default: latest
        jobs: {type: integer, default: 4}
      vars:
        label: pre-${params.backup}
      preconditions:
        - that: params.jobs > 0
          message: at least one job is needed

      steps:
        - id: check-backup
          name: Read the whole backup
          action: postgres.check_backup
          with:
            backup: ${params.backup}
        - id: restore
          action: postgres.restore
          with:
            backup: ${steps.check-backup.file}
          when: ${params.jobs > 1 && env.CI ?? false}
          requires: [check-backup]
          timeout: 2h
          retry: {max_attempts: 3, delay: 10s}
          on_failure: rollback
          undo:
            action: postgres.drop
            with: {database: "${steps.restore.database}"}
          tags: [data]
      """;

  @TempDir Path project;

  private final Problems problems = new Problems();

  @BeforeEach
  void folder() throws IOException {
    Files.createDirectories(project.resolve("runbooks"));
  }

  private Optional<Runbook> read(String name, String text) throws IOException {
    Files.writeString(project.resolve("runbooks/" + name + ".yaml"), text);
    return Runbooks.read(project, name, problems);
  }

  private List<String> shown() {
    return problems.list().stream().map(Problem::toString).toList();
  }

  @Test
  void a_runbook_is_read_with_everything() throws IOException {
    // when
    var read = read("restore", RESTORE);
    // then
    assertThat(shown()).isEmpty();
    var it = read.orElseThrow();
    assertThat(it.name()).isEqualTo("restore");
    assertThat(it.environment()).contains("prod");
    assertThat(it.params().keySet()).containsExactly("backup", "jobs");
    assertThat(requireNonNull(it.params().get("jobs")).defaultValue()).contains(4L);
    assertThat(it.vars()).containsOnlyKeys("label");
    assertThat(it.preconditions().getFirst().that().text()).isEqualTo("params.jobs > 0");
    assertThat(it.source()).isEqualTo(RESTORE);
    var check = it.steps().getFirst();
    assertThat(check.title()).isEqualTo("Read the whole backup");
    assertThat(check.place()).isEqualTo(new Place("runbooks/restore.yaml", 18, 5));
    assertThat(check.retry()).isEqualTo(Retry.NEVER);
    assertThat(check.onFailure()).isEqualTo(OnFailure.STOP);
    var restore = it.step("restore").orElseThrow();
    assertThat(restore.title()).isEqualTo("restore");
    assertThat(restore.timeout()).contains(Duration.ofHours(2));
    assertThat(restore.retry()).isEqualTo(new Retry(3, Duration.ofSeconds(10), 2.0));
    assertThat(restore.onFailure()).isEqualTo(OnFailure.ROLLBACK);
    assertThat(restore.requires()).containsExactly("check-backup");
    assertThat(restore.undo().orElseThrow().action()).isEqualTo("postgres.drop");
    assertThat(restore.tags()).containsExactly("data");
  }

  @Test
  void many_mistakes_are_reported_in_one_go_each_at_its_place() throws IOException {
    // given
    var text =
        """
        name: restore-prd
        descripton: Replace the database
        params:
          port: {type: integer, default: many}
        preconditions:
          - that: params.prt > 1
        steps:
          - id: Check
            action: postgres.check_backup
            with: {backup: "${params.bakup}"}
          - id: restore
            action: postgres.restore
            with:
              backup: ${steps.publish.file}
              jobs: ${1 +}
            timeout: 30
            requires: [chek, publish]
          - id: restore
            action: postgres.verify
            retry: {max_attempts: 0}
            on_failure: retry
            name: one
            name: two
          - id: publish
            when: yes please
            timeout: 0s
        """;
    // when
    var read = read("restore-prod", text);
    // then
    assertThat(read).isEmpty();
    assertThat(shown())
        .extracting(problem -> problem.replace("runbooks/restore-prod.yaml:", ""))
        .containsExactly(
            "1:7: the name is 'restore-prd', but the file's is 'restore-prod'\n"
                + "  hint: both have to be the same",
            "2:1: unknown key 'descripton'\n  hint: did you mean 'description'?",
            "4:9: 'default' must be a whole number",
            "6:5: 'message' is missing\n  hint: what the operator reads where it is not",
            "6:11: unknown param 'prt'\n  hint: did you mean 'port'?",
            "8:9: 'Check' is no step id\n"
                + "  hint: an id begins with a small letter and is made of small letters, digits,"
                + " _ and -",
            "10:23: unknown param 'bakup'\n  hint: known: port",
            "14:17: 'publish' is not an earlier step\n"
                + "  hint: it is in line 24; only steps above this one can be used",
            "15:17: unexpected '+'\n  hint: expressions do not calculate",
            "16:14: 'timeout' must be a duration, found '30'\n"
                + "  hint: write 30s for seconds, 30m for minutes",
            "17:16: 'chek' is not an earlier step\n  hint: did you mean 'Check'?",
            "17:22: 'publish' is not an earlier step\n"
                + "  hint: it is in line 24; only steps above this one can be used",
            "18:9: a second step with the id 'restore'\n  hint: the first one is in line 11",
            "20:12: 'max_attempts' must be from 1 to 100",
            "21:17: 'on_failure' must be one of stop, continue, rollback, found 'retry'\n"
                + "  hint: known: stop, continue, rollback",
            "23:5: 'name' is written twice\n  hint: the first one is in line 22",
            "24:5: 'action' is missing\n  hint: kind of step",
            "25:15: expected an operator or the end, found 'please'",
            "26:14: 'timeout' must be longer than 0\n  hint: remove it for no limit");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          steps: [] => runbooks/r.yaml:2:8: there are no steps
          description: x => runbooks/r.yaml:1:1: 'steps' is missing
          steps: [{id: a, action: x, with: {y: '${nope.z}'}}] => runbooks/r.yaml:2:41: unknown name 'nope.z'
          steps: [{id: a, action: x, with: {y: '${params}'}}] => runbooks/r.yaml:2:41: 'params' alone has no value
          steps: [{id: a, action: x, with: {y: '${vars.z}'}}] => runbooks/r.yaml:2:41: unknown var 'z'
          steps: [{id: a, action: x, with: {y: '${steps.a.b}'}}] => runbooks/r.yaml:2:41: 'a' is not an earlier step
          steps: [{id: a, action: x, with: y}] => runbooks/r.yaml:2:34: 'with' must be a mapping, found 'y'
          steps: [{id: a, action: '${x}'}] => runbooks/r.yaml:2:28: expressions cannot be used here
          steps: [{id: a, action: x, retry: 3}] => runbooks/r.yaml:2:35: 'retry' must be a mapping, found '3'
          steps: [{id: a, action: x, requires: [a]}] => runbooks/r.yaml:2:39: 'a' is not an earlier step
          steps: [{id: a, action: x}] / vars: {b: '${vars.c}', c: 1} => runbooks/r.yaml:3:14: unknown var 'c'
          steps: [{id: a, action: x}] / vars: {b: '${steps.a.x}'} => runbooks/r.yaml:3:14: steps cannot be used here
          steps: [{id: a, action: x}] / params: {1x: {}} => runbooks/r.yaml:3:10: '1x' cannot be used in expressions
          steps: [{id: a, action: x}] / params: {p: {pattern: '('}} => runbooks/r.yaml:3:13: 'pattern' is not a regular expression
          steps: [{id: a, action: x}] / params: {p: {default: c, choices: [a, b]}} => runbooks/r.yaml:3:13: 'default' must be one of a, b
          steps: [x] => runbooks/r.yaml:2:9: 'steps[0]' must be a mapping, found 'x'
          """)
  void one_mistake_is_one_problem(String text, String problem) throws IOException {
    assertThat(read("r", "name: r\n" + text.replace(" / ", "\n"))).isEmpty();
    assertThat(shown()).singleElement().asString().startsWith(problem);
  }

  @Test
  void an_id_of_any_length_is_not_accepted() throws IOException {
    var text = "name: r\nsteps: [{id: " + "a".repeat(41) + ", action: x}]\n";
    assertThat(read("r", text)).isEmpty();
    assertThat(shown())
        .containsExactly("runbooks/r.yaml:2:14: the id is longer than 40 characters");
  }

  @Test
  void a_step_output_needs_a_name() throws IOException {
    var text =
        """
        name: r
        steps:
          - {id: a, action: x}
          - {id: b, action: x, when: steps.a}
        """;
    assertThat(read("r", text)).isEmpty();
    assertThat(shown())
        .containsExactly(
            "runbooks/r.yaml:4:30: 'steps.a' has no value\n  hint: write steps.a.OUTPUT");
  }

  @Test
  void an_unknown_runbook_is_a_problem_with_what_was_meant() throws IOException {
    assertThat(read("restore", RESTORE)).isPresent();
    assertThat(Runbooks.list(project)).containsExactly("restore");
    assertThat(Runbooks.read(project, "restroe", problems)).isEmpty();
    assertThat(shown())
        .containsExactly("unknown runbook 'restroe'\n  hint: did you mean 'restore'?");
  }

  @Test
  void a_runbook_is_also_found_by_the_path_of_its_file() throws IOException {
    assertThat(read("restore", RESTORE)).isPresent();
    assertThat(Runbooks.read(project, "runbooks/restore.yaml", problems)).isPresent();
    var absolute = project.resolve("runbooks/restore.yaml").toString();
    assertThat(Runbooks.read(project, absolute, problems).orElseThrow().place().file())
        .isEqualTo("runbooks/restore.yaml");
    assertThat(Runbooks.read(project, "none.yaml", problems)).isEmpty();
    assertThat(shown()).containsExactly("none.yaml: no such file");
  }

  @Test
  void a_copy_is_read_whatever_its_name() throws IOException {
    var file = Files.writeString(project.resolve("copy.yaml"), RESTORE);
    assertThat(Runbooks.readFile(file, "copy.yaml", problems)).isPresent();
    assertThat(Runbooks.read(project, "copy.yaml", problems)).isEmpty();
  }
}
