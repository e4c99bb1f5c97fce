package pgrunbook.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.environment.Environments;
import pgrunbook.starter.StarterFile.Fate;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problems;

/** What is read from other people's Compose files, without Docker. */
class StarterTest {
  private static final String SECRET = "canary-5ecret-4711";

  @TempDir Path folder;

  private void file(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Starter starter(String... compose) {
    var request =
        new Starter.Request(
            folder,
            List.of(compose),
            Optional.empty(),
            new Engine.Released("g:a:1"),
            new LinkedHashMap<>());
    return Starter.of(request, Map.of(), ComposeReader.alone(folder));
  }

  private static String text(Starter starter, String path) {
    return starter.files().stream()
        .filter(it -> it.path().equals(path))
        .map(it -> ((StarterFile.Text) it).text())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + path + " in " + paths(starter)));
  }

  private static List<String> paths(Starter starter) {
    return starter.files().stream().map(StarterFile::path).toList();
  }

  private static String environment(Starter starter, String name) {
    return text(starter, "runbooks/environments/" + name + ".yaml");
  }

  /** A service of PostgreSQL with such variables. */
  private static String db(String environment) {
    return "services:\n  db:\n    image: postgis/postgis:17\n" + environment;
  }

  @Test
  void files_for_development_and_production_become_two_environments_with_projects_of_their_own()
      throws IOException {
    // given
    file("docker-compose.dev.yml", db("    env_file: .env\n"));
    file(
        "docker-compose.prod.yml",
        """
        x-common: &common {restart: always}
        services:
          db:
            <<: *common
            build: ./database
            environment: [POSTGRES_PASSWORD]
            volumes: ["./dumps:/dumps", "data:/var/lib/postgresql/data"]
          migrate: {image: app, depends_on: [db]}
          web:
            image: app
            depends_on: {migrate: {condition: service_completed_successfully}}
            environment: {DATABASE_URL: "postgres://u@db:5432/x"}
          proxy: {image: nginx, depends_on: [web]}
        """);
    // when
    var starter = starter();
    // then
    assertThat(paths(starter))
        .contains(
            "runbooks/restore-dev.yaml", "runbooks/restore-prod.yaml", "scripts/restore-dev.java");
    assertThat(text(starter, "runbooks/restore-prod.yaml")).contains("services: [web]\n");
    assertThat(text(starter, "runbooks/restore-dev.yaml")).doesNotContain("service.stop");
    assertThat(environment(starter, "prod"))
        .contains("password: ${env.POSTGRES_PASSWORD}\n", "dir: dumps\n", "protected: true")
        .doesNotContain("project:");
    assertThat(environment(starter, "dev"))
        .contains("name: ${env.POSTGRES_DB ?? env.POSTGRES_USER ?? 'postgres'}\n")
        .contains("-dev # of its own: in one folder, it would share that of prod")
        .doesNotContain("protected");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "    environment: {POSTGRES_PASSWORD: " + SECRET + "}\n",
        "    environment: {POSTGRES_PASSWORD: '${PW:-" + SECRET + "}'}\n",
        "    environment: {POSTGRES_PASSWORD: '${PW}" + SECRET + "'}\n",
        "    environment: {POSTGRES_PASSWORD_FILE: /run/secrets/" + SECRET + "}\n",
        "    environment: ['POSTGRES_PASSWORD=" + SECRET + "']\n"
      })
  void a_password_that_is_written_out_is_copied_nowhere(String environment) throws IOException {
    // given
    file("compose.yaml", db(environment));
    // when
    var starter = starter();
    // then
    assertThat(starter.toString()).doesNotContain(SECRET);
    assertThat(environment(starter, "prod")).contains(" ?? ''}\n");
    starter.files().forEach(it -> it.write(folder));
    var problems = new Problems();
    assertThat(Environments.read(folder, "prod", Map.of(), problems)).isPresent();
    assertThat(problems.list()).isEmpty();
  }

  @Test
  void a_file_that_only_changes_another_is_laid_over_it() throws IOException {
    // given
    file("compose.yaml", db("    environment: {POSTGRES_DB: shop}\n"));
    file("compose.override.yaml", db(""));
    file("compose.prod.yaml", "services:\n  db: {restart: always}\n");
    // when
    var starter = starter();
    // then
    assertThat(environment(starter, "prod"))
        .contains("  file: compose.prod.yaml\n  options: [-f, compose.yaml]\n");
    assertThat(environment(starter, "dev"))
        .contains("  file: compose.override.yaml\n  options: [-f, compose.yaml]\n");
  }

  @Test
  void where_there_is_no_compose_file_it_says_where_there_is_one_or_what_to_do_without()
      throws IOException {
    // given
    var repository = folder;
    file(".git/HEAD", "");
    file("docs/read.me", "");
    folder = repository.resolve("docs");
    // then
    assertThatThrownBy(this::starter)
        .hasMessageContaining("there is no Compose file in " + folder)
        .hasMessageContaining("For a server without Compose, environments are written by hand");
    // and given one of another name
    file("docker-compose.server.yml", db(""));
    assertThatThrownBy(this::starter)
        .hasMessageContaining("--compose prod=docker-compose.server.yml");
    Files.delete(folder.resolve("docker-compose.server.yml"));
    // and given one above
    Files.writeString(repository.resolve("compose.yaml"), db(""));
    assertThatThrownBy(this::starter)
        .hasMessageContaining("there is one in " + repository + ": init -C " + repository);
  }

  @Test
  void several_services_that_could_be_it_are_listed() throws IOException {
    file(
        "compose.yaml",
        "services:\n  a: {image: 'postgres:17'}\n  b: {image: pgvector/pgvector}\n");
    assertThatThrownBy(this::starter)
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("compose.yaml: several services could be PostgreSQL: a, b")
        .hasMessageContaining("--postgres SERVICE");
  }

  @Test
  void what_only_talks_to_PostgreSQL_is_not_taken_for_it() throws IOException {
    file(
        "compose.yaml",
        "services:\n  a: {image: 'x/postgres-exporter'}\n  b: {image: 'edoburu/pgbouncer'}\n");
    assertThatThrownBy(this::starter)
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("no service is known to be PostgreSQL, among a, b");
  }

  @Test
  void no_compose_file_and_one_that_is_no_YAML_are_said() throws IOException {
    assertThatThrownBy(this::starter).hasMessageContaining("there is no Compose file in " + folder);
    assertThatThrownBy(() -> starter("x.yaml")).hasMessageContaining("there is no file x.yaml");
    file("compose.yaml", "services: [");
    assertThatThrownBy(this::starter)
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("compose.yaml:1:");
  }

  @Test
  void nothing_is_written_over_and_gitignore_gets_what_it_lacks() throws IOException {
    // given
    file("compose.yaml", db(""));
    file("scripts/restore-prod.java", "mine");
    file("migrations/env.py", "alembic's");
    file(".gitignore", "node_modules\n.pgrunbook/");
    var starter = starter();
    // when
    for (var it : starter.files()) {
      if (it.fate(folder) != Fate.KEPT) {
        it.write(folder);
      }
    }
    // then
    assertThat(folder.resolve("scripts/restore-prod.java")).hasContent("mine");
    assertThat(folder.resolve("scripts/runbook.java")).content().contains("//DEPS g:a:1\n");
    assertThat(folder.resolve("jbang")).isExecutable();
    assertThat(folder.resolve(".gitignore"))
        .hasContent("node_modules\n.pgrunbook/\n\n# pgrunbook\n/backups/*\n/maintenance.flag\n");
    assertThat(starter.files()).allMatch(it -> it.fate(folder) == Fate.KEPT);
    assertThat(paths(starter)).noneMatch(it -> it.startsWith("migrations"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  web: {image: app, depends_on: [db]}\n"})
  void restart_db_restarts_the_service_that_PostgreSQL_runs_in(String application)
      throws IOException {
    // given
    file("compose.yaml", db("") + application);
    // when
    var starter = starter();
    // then
    assertThat(text(starter, "runbooks/restart-db.yaml"))
        .contains("    default: db\n", "action: service.restart", "action: postgres.wait")
        .doesNotContain("environment:");
    assertThat(steps(starter, "runbooks/restore-prod.yaml"))
        .isEqualTo(steps("runbooks/restore-prod.yaml") - (application.isEmpty() ? 2 : 0));
    assertThat(steps(starter, "runbooks/restart-db.yaml")).isEqualTo(2);
  }

  private static long steps(String ours) throws IOException {
    return Files.readString(Path.of(ours)).lines().filter(it -> it.startsWith("  - id: ")).count();
  }

  private static long steps(Starter starter, String path) {
    return text(starter, path).lines().filter(it -> it.startsWith("  - id: ")).count();
  }

  @Test
  void production_keeps_its_name_where_development_runs_under_it() throws IOException {
    // given
    file("compose.dev.yaml", "name: shop\n" + db(""));
    file("compose.prod.yaml", "name: shop\n" + db(""));
    var reader = ComposeReader.alone(folder);
    var found = List.of("prod", "dev").stream().map(it -> deployment(reader, it)).toList();
    // when
    var named =
        new Projects(folder, Map.of("compose.dev.yaml", "shop"), Optional.empty()).named(found);
    // then
    assertThat(named.getFirst().project()).isEmpty();
    assertThat(named.getLast().project().orElseThrow().name()).isEqualTo("shop-dev");
    assertThat(named.getLast().project().orElseThrow().why())
        .endsWith("share that of prod; its containers of now are shop's");
  }

  private Deployment deployment(ComposeReader reader, String name) {
    var files = List.of("compose." + name + ".yaml");
    var model = reader.read(files);
    return Deployment.of(
        name, files, model, PostgresService.named(model, "db", files).orElseThrow(), folder);
  }

  @ParameterizedTest
  @CsvSource({
    "${BACKUP_DIR:-/srv/backups}, ${env.BACKUP_DIR ?? '/srv/backups'}, ",
    "${BACKUP_DIR:-./dumps}, deploy/${env.BACKUP_DIR ?? './dumps'}, /deploy/dumps/*",
    "~/backups, ${env.HOME}/backups, ",
    "./.backups, deploy/.backups, /deploy/.backups/*"
  })
  void backups_are_where_compose_has_them_and_ignored_in_the_repository(
      String source, String dir, @Nullable String ignored) throws IOException {
    // given
    file("deploy/compose.yaml", db("    volumes: ['" + source + ":/backups']\n"));
    // when
    var starter = starter("deploy/compose.yaml");
    // then
    assertThat(environment(starter, "prod")).contains("  dir: " + dir + "\n");
    assertThat(ignored(starter))
        .containsExactlyElementsOf(ignored == null ? List.of() : List.of(ignored));
  }

  private static List<String> ignored(Starter starter) {
    return starter.files().stream()
        .filter(StarterFile.Lines.class::isInstance)
        .flatMap(it -> ((StarterFile.Lines) it).lines().stream())
        .filter(it -> it.endsWith("/*"))
        .toList();
  }
}
