package pgrunbook.environment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.text.Secret;

class EnvironmentsTest {
  private static final Map<String, String> PROCESS =
      Map.of("POSTGRES_DB", "shop", "POSTGRES_PASSWORD", "s3cret");

  private static final String SMALL = "database: {name: shop, user: shop}\n";

  @TempDir Path project;

  private final Problems problems = new Problems();

  @BeforeEach
  void folder() throws IOException {
    Files.createDirectories(project.resolve("runbooks/environments"));
  }

  private Optional<Environment> read(String text) throws IOException {
    Files.writeString(project.resolve("runbooks/environments/prod.yaml"), text);
    return Environments.read(project, "prod", PROCESS, problems);
  }

  private List<String> shown() {
    return problems.list().stream().map(Problem::toString).toList();
  }

  @Test
  void an_environment_is_read_with_its_variables() throws IOException {
    // given
    Files.writeString(project.resolve("prod.env"), "POSTGRES_USER=owner\nPOSTGRES_DB=other\nT=tok");
    var text =
        """
        name: prod
        protected: true
        env_file: prod.env
        database:
          name: ${env.POSTGRES_DB}
          user: ${env.POSTGRES_USER}
          password: ${env.POSTGRES_PASSWORD}
          port: ${env.PORT ?? 5433}
        compose:
          file: docker-compose.prod.yml
        services:
          backend:
            stop: [systemctl, stop, backend]
            start: [systemctl, start, backend]
            check: [systemctl, is-active, backend]
        backups:
          dir: saved/../backups
          in_container: /backups
        maintenance:
          flag_file: maintenance.flag
        system_identifier: 7439000000000000001
        secrets: [T, NOT_SET]
        """;
    // when
    var prod = read(text);
    // then
    assertThat(shown()).isEmpty();
    var it = prod.orElseThrow();
    assertThat(it.name()).isEqualTo("prod");
    assertThat(it.isProtected()).isTrue();
    assertThat(it.database())
        .isEqualTo(
            new Database(
                "shop",
                "localhost",
                5433,
                "owner",
                Optional.of(new Secret("s3cret")),
                Optional.empty()));
    assertThat(it.compose().orElseThrow().postgresService()).isEqualTo("postgres");
    assertThat(requireNonNull(it.services().get("backend")).stop())
        .containsExactly("systemctl", "stop", "backend");
    assertThat(it.backups())
        .isEqualTo(new Backups(project.resolve("backups"), Optional.of("/backups")));
    assertThat(it.maintenance())
        .contains(new Maintenance.FlagFile(project.resolve("maintenance.flag")));
    assertThat(it.systemIdentifier()).contains("7439000000000000001");
    assertThat(it.env()).containsEntry("T", "tok").containsEntry("POSTGRES_DB", "shop");
    assertThat(it.secretValues()).containsExactly(new Secret("s3cret"), new Secret("tok"));
    assertThat(it.toString()).doesNotContain("s3cret");
  }

  @Test
  void a_small_environment_has_defaults() throws IOException {
    var it = read("name: prod\n" + SMALL).orElseThrow();
    assertThat(it.isProtected()).isFalse();
    assertThat(it.database().port()).isEqualTo(5432);
    assertThat(it.database().password()).isEmpty();
    assertThat(it.backups().dir()).isEqualTo(project.resolve("backups"));
    assertThat(it.maintenance()).isEmpty();
    assertThat(it.services()).isEmpty();
  }

  @Test
  void maintenance_can_be_commands() throws IOException {
    var text = "maintenance: {on: [a], off: [b], check: [c]}\n";
    assertThat(read("name: prod\n" + SMALL + text).orElseThrow().maintenance())
        .contains(new Maintenance.Commands(List.of("a"), List.of("b"), List.of("c")));
  }

  @Test
  void all_mistakes_are_found_at_once() throws IOException {
    // given
    var text =
        """
        name: production
        protected: yes
        database:
          name: ${env.NOT_SET}
          user: ${params.user}
          port: 70000
          host: [a]
        services:
          backend:
            stop: systemctl stop backend
            start: []
        maintenance:
          on: [a]
        backup: {dir: x}
        """;
    // when
    var prod = read(text);
    // then
    assertThat(prod).isEmpty();
    assertThat(shown())
        .allSatisfy(p -> assertThat(p).startsWith("runbooks/environments/prod.yaml:"))
        .extracting(p -> p.substring("runbooks/environments/prod.yaml:".length()))
        .extracting(p -> p.lines().findFirst().orElseThrow())
        .containsExactly(
            "1:7: the name is 'production', but the file's is 'prod'",
            "2:12: 'protected' must be true or false, found 'yes'",
            "4:11: 'env.NOT_SET' has no value",
            "5:11: unknown name 'params.user'",
            "7:9: 'host' must be a text, found a list",
            "10:5: 'check' is missing",
            "10:11: 'stop' must be a list, found 'systemctl stop backend'",
            "13:3: maintenance by commands takes all three of 'on', 'off' and 'check'",
            "14:1: unknown key 'backup'");
  }

  @Test
  void a_name_that_no_database_of_an_application_has_is_a_mistake() throws IOException {
    read("name: prod\ndatabase: {name: template1, user: shop}\n");
    read("name: prod\ndatabase: {name: %s, user: shop}\n".formatted("ü".repeat(32)));
    assertThat(shown())
        .satisfiesExactly(
            it -> assertThat(it).contains("template1 is what new databases are copied from"),
            it -> assertThat(it).contains("has 64 bytes: PostgreSQL cuts names after 63"));
  }

  @Test
  void an_unknown_environment_is_a_problem_with_what_was_meant() throws IOException {
    assertThat(Environments.read(project, "prod", PROCESS, problems)).isEmpty();
    assertThat(shown().getFirst()).contains("there is none in runbooks/environments");
    var ignored = read("name: prod\n" + SMALL);
    assertThat(ignored).isPresent();
    assertThat(Environments.list(project)).containsExactly("prod");
    assertThat(Environments.read(project, "prd", PROCESS, problems)).isEmpty();
    assertThat(shown().getLast())
        .isEqualTo("unknown environment 'prd'\n  hint: did you mean 'prod'?");
  }

  @Test
  void a_copy_is_read_whatever_its_name() throws IOException {
    var file = project.resolve("copy.yaml");
    Files.writeString(file, "name: prod\n" + SMALL);
    var it = Environments.readFile(file, project, PROCESS, problems).orElseThrow();
    assertThat(it.name()).isEqualTo("prod");
    assertThat(it.file()).isEqualTo(file);
  }

  @Test
  void an_env_file_with_a_mistake_is_reported_with_the_rest() throws IOException {
    Files.writeString(project.resolve(".env"), "what");
    assertThat(read("name: prod\nname2: x\n" + SMALL)).isEmpty();
    assertThat(shown()).hasSize(2);
    assertThat(shown().getFirst()).startsWith(".env:1:1: expected NAME=value");
  }

  @Test
  void secrets_are_listed_by_name() throws IOException {
    assertThat(read("name: prod\nsecrets: [\"${env.POSTGRES_PASSWORD}\", a-b]\n" + SMALL))
        .isEmpty();
    assertThat(shown()).noneMatch(p -> p.contains("s3cret")).hasSize(2);
  }
}
