package pgrunbook.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import pgrunbook.environment.EnvironmentSchema;
import pgrunbook.expression.Late;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

class RunbookSchemaTest {
  record Restore(
      @Doc("file to restore") Late<String> backup,
      @Doc("workers") @Default("1") int jobs,
      Optional<List<String>> tables) {}

  record Nothing() {}

  private static final List<ActionDoc> ACTIONS =
      List.of(
          new ActionDoc("postgres.restore", "restores a backup", Restore.class),
          new ActionDoc("maintenance.on", "turns maintenance on", Nothing.class));

  private static List<String> errors(String schema, String yaml) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(schema)
        .validate(yaml, InputFormat.YAML)
        .stream()
        .map(error -> error.getInstanceLocation() + " " + error.getKeyword())
        .toList();
  }

  private static List<String> errors(String steps) {
    return errors(RunbookSchema.generate(ACTIONS), "name: r\nsteps:\n" + steps);
  }

  @Test
  void a_runbook_without_mistakes_is_valid() {
    var text =
        """
          - id: on
            action: maintenance.on
            when: ${params.x}
            timeout: 1h30m
            retry: {max_attempts: 3}
            undo: {action: maintenance.on}
          - id: restore
            action: postgres.restore
            with:
              backup: ${steps.a.file}
              jobs: ${params.jobs}
              tables: [a, b]
        """;
    assertThat(errors(text)).isEmpty();
  }

  @Test
  void mistakes_are_found_where_they_are() {
    assertThat(errors("  - {id: a, action: maintenance.on, nmae: x}"))
        .containsExactly("/steps/0 additionalProperties");
    assertThat(errors("  - {id: a, action: maintenance.of}")).isNotEmpty();
    assertThat(errors("  - {id: a, action: postgres.restore}"))
        .containsExactly("/steps/0 required");
    assertThat(errors("  - {id: a, action: postgres.restore, with: {jobs: 1}}"))
        .containsExactly("/steps/0/with required");
    assertThat(errors("  - {id: a, action: postgres.restore, with: {backup: a, jobs: x}}"))
        .isNotEmpty();
    assertThat(errors("  - {id: a, action: maintenance.on, timeout: soon}"))
        .containsExactly("/steps/0/timeout pattern");
    assertThat(errors("  []")).containsExactly("/steps minItems");
  }

  @Test
  void the_schema_does_not_depend_on_the_order_of_the_actions() {
    assertThat(RunbookSchema.generate(ACTIONS))
        .isEqualTo(RunbookSchema.generate(ACTIONS.reversed()))
        .startsWith("{\n  \"$schema\" : ")
        .endsWith("}\n");
  }

  @Test
  void an_environment_has_a_schema_too() {
    var schema = EnvironmentSchema.generate();
    var text =
        """
        name: prod
        protected: true
        database: {name: "${env.DB}", user: u, port: "${env.PORT}"}
        services:
          backend: {stop: [a], start: [b], check: [c]}
        """;
    assertThat(errors(schema, text)).isEmpty();
    assertThat(errors(schema, text + "backup: x\n")).containsExactly(" additionalProperties");
  }
}
