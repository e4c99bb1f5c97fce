package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import pgrunbook.testing.Cli;
import pgrunbook.testing.Docker;
import pgrunbook.testing.Folders;
import pgrunbook.testing.TestProject;
import pgrunbook.testing.WithDocker;

/** Some other application's repository gets its runbooks, and nobody edits one. */
@WithDocker
@Timeout(300)
class InitTest {
  private Path folder;
  private Cli cli;

  @BeforeEach
  void a_repository_whose_database_runs() throws IOException {
    folder = Files.createTempDirectory("pgrunbook-inventory").toRealPath();
    cli = new Cli(folder);
    Files.writeString(
        folder.resolve("compose.yaml"),
        """
        x-base: &base
          image: ${PG_IMAGE}
          init: true
        services:
          db:
            <<: *base
            environment:
              POSTGRES_DB: inventory
              POSTGRES_USER: ${DB_USER:-stock}
              POSTGRES_PASSWORD: ${DB_PASSWORD:?set it in .env}
              POSTGRES_INITDB_ARGS: --auth-local=scram-sha-256 --auth-host=scram-sha-256
            volumes: ['${DUMPS:-./dumps}:/dumps']
            tmpfs: [/var/lib/postgresql/data]
            healthcheck:
              test: [CMD-SHELL, 'pg_isready -q -h 127.0.0.1']
              interval: 1s
              retries: 60
          web:
            <<: *base
            entrypoint: [sleep, infinity]
            depends_on: {db: {condition: service_healthy}}
          worker:
            <<: *base
            entrypoint: [sleep, infinity]
            environment: ['DATABASE_URL=postgres://stock@db/inventory']
          console:
            <<: *base
            profiles: [tools]
            depends_on: [db]
        """);
    Files.writeString(
        folder.resolve(".env"),
        "DB_PASSWORD=%s\nPG_IMAGE=%s\n".formatted(TestProject.PASSWORD, Docker.IMAGE));
    Files.writeString(folder.resolve("compose.prod.yaml"), "services: {worker: {restart: 'no'}}\n");
    Files.createDirectory(folder.resolve("dumps"));
    compose("-f", "compose.yaml", "-f", "compose.prod.yaml", "up", "-d", "--wait");
  }

  /** A machine whose docker has no Compose of its own. */
  private Cli withVersionOne() throws IOException {
    var bin = Files.createDirectory(folder.resolve("bin"));
    var docker =
        Files.writeString(
            bin.resolve("docker"),
            """
            #!/bin/sh
            PATH=${PATH#*:}
            [ "$1" = compose ] && echo "docker: 'compose' is not a docker command." >&2 && exit 1
            exec docker "$@"
            """);
    Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
    return cli.with("PATH", bin + ":" + System.getenv("PATH"));
  }

  private static boolean hasVersionOne() {
    try {
      return new ProcessBuilder("docker-compose", "version", "--short").start().waitFor() == 0;
    } catch (IOException | InterruptedException _) {
      return false;
    }
  }

  private void compose(String... arguments) {
    Docker.compose(folder, arguments).ok();
  }

  @AfterEach
  void take_it_away() {
    compose("down", "--volumes", "--timeout", "0");
    Folders.delete(folder);
  }

  @Test
  void what_init_wrote_plans_a_restore_with_no_edit() throws IOException {
    // given
    var engine = "pgrunbook:pgrunbook:0.1.0";
    // when
    var listed = cli.run("init", "--engine", engine, "--dry-run").exits(0);
    // then
    assertThat(listed.out()).contains("would write   runbooks/restore-prod.yaml");
    assertThat(folder.resolve("runbooks")).doesNotExist();
    // when
    var written = cli.run("init", "--engine", engine).exits(0);
    // then
    assertThat(written.said()).contains("wrote    jbang\n").doesNotContain("note:");
    for (var file : Folders.content(folder, ".env").keySet()) {
      if (Files.isRegularFile(folder.resolve(file))) {
        assertThat(folder.resolve(file)).content().doesNotContain(TestProject.PASSWORD);
      }
    }
    // and
    cli.run("lint").exits(0);
    cli.run("run", "backup-prod").exits(0);
    var plan = cli.run("run", "restore-prod", "--dry-run").exits(0);
    assertThat(plan.out())
        .contains(
            "latest: dumps/inventory-prod-", "service web: running", "service worker: running")
        .contains("> docker compose -f compose.yaml -f compose.prod.yaml stop web")
        .doesNotContain("service console");
    if (hasVersionOne()) { // the same files, on a machine that has nothing newer
      assertThat(withVersionOne().run("run", "restore-prod", "--dry-run").exits(0).out())
          .contains("> docker-compose -f compose.yaml -f compose.prod.yaml stop web");
    }
    cli.run("run", "restore-prod", "--confirm", "inventory").exits(0);
    // when
    var again = cli.run("init", "--engine", engine).exits(0);
    // then
    assertThat(again.out()).doesNotContain("wrote", "extended");
  }
}
