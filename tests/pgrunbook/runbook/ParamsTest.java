package pgrunbook.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import pgrunbook.expression.Scope;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.yaml.Binder;
import pgrunbook.yaml.Yaml;

class ParamsTest {
  private static final String PARAMS =
      """
      name: r
      params:
        backup: {description: file to restore}
        jobs: {type: integer, default: 4}
        verbose: {type: boolean, default: false}
        mode: {default: fast, choices: [fast, safe]}
        label: {default: v1.10, pattern: "v[0-9.]+"}
        version: {default: 1.10}
        token: {secret: true, default: abc, pattern: "[a-z]+"}
      steps: [{id: a, action: x}]
      """;

  private final Problems problems = new Problems();

  private Map<String, Object> resolve(Map<String, String> given) {
    var file =
        Yaml.read(PARAMS, "r.yaml", problems)
            .flatMap(node -> Binder.bind(node, RunbookFile.class, Scope.none(), problems));
    problems.throwIfAny();
    return Params.resolve(file.orElseThrow().runbook(PARAMS), given, problems);
  }

  @Test
  void what_is_given_has_its_type_and_the_rest_its_default() {
    var values = resolve(Map.of("backup", "b.dump", "jobs", "8", "verbose", "true"));
    assertThat(problems.list()).isEmpty();
    assertThat(values)
        .isEqualTo(
            Map.of(
                "backup", "b.dump",
                "jobs", 8L,
                "verbose", true,
                "mode", "fast",
                "label", "v1.10",
                "version", "1.10",
                "token", "abc"));
    assertThat(values.keySet()).startsWith("backup", "jobs", "verbose");
  }

  @Test
  void all_mistakes_are_found_at_once_and_no_value_is_shown() {
    // when
    var values =
        resolve(
            Map.of(
                "jbos", "1", "jobs", "x1", "verbose", "yes", "mode", "slow", "label", "x", "token",
                "S3CRET"));
    // then
    assertThat(values).containsOnlyKeys("version");
    assertThat(problems.list())
        .containsExactly(
            Problem.of("unknown param 'jbos'", "did you mean 'jobs'?"),
            Problem.of("param 'backup' is missing", "file to restore"),
            Problem.of("param 'jobs' must be a whole number"),
            Problem.of("param 'verbose' must be true or false"),
            Problem.of("param 'mode' must be one of fast, safe"),
            Problem.of("param 'label' must match v[0-9.]+"),
            Problem.of("param 'token' must match [a-z]+"));
  }
}
