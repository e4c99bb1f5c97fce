package pgrunbook.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.process.Children;
import pgrunbook.process.Deadline;
import pgrunbook.process.OutputSink;
import pgrunbook.process.Stdin;
import pgrunbook.testing.PostgresServer;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Masking;
import pgrunbook.text.Secret;

@Timeout(120)
class ToolsTest {
  private final PostgresServer server = PostgresServer.shared();
  private final Connector connector =
      new Connector(
          "127.0.0.1",
          server.port(),
          "postgres",
          Optional.of(new Secret("geheim")),
          Optional.empty());

  @TempDir Path folder;

  @Test
  void every_program_takes_a_name_that_looks_like_a_connection_string_for_a_name()
      throws Exception {
    // given: variables that would lead the programs elsewhere
    var inherited = new HashMap<>(System.getenv());
    inherited.putAll(Map.of("PGSERVICE", "none", "PGHOST", "nowhere", "PGSSLMODE", "verify-full"));
    var children = new Children(inherited, Duration.ofSeconds(1));
    var name = "postgresql://x' dbname=postgres host=no\\where";
    try (var cluster = new PlainCluster(connector, () -> "test")) {
      cluster.execute("postgres", "CREATE DATABASE " + Identifiers.quote(name));
      cluster.execute(name, "CREATE TABLE here (i int)");
    }
    var archive = folder.resolve("here.dump").toString();
    var psql =
        List.of("-X", "-Atc", "select current_database(), current_setting('application_name')");
    var out = new ArrayList<String>();
    // when
    for (var command :
        List.of(
            tools().command("psql", connector, name, "pgrunbook/r1/x", psql),
            tools().command("pg_dump", connector, name, "x", List.of("-Fc", "-f", archive)),
            tools().command("pg_restore", connector, name, "x", List.of("-c", archive)))) {
      var finished = children.run(command, out::add, OutputSink.none(), Deadline.none());
      assertThat(finished.errorTail()).isEmpty();
      assertThat(finished.succeeded()).isTrue();
    }
    // then
    assertThat(out).containsExactly(name + "|pgrunbook/r1/x");
  }

  @Test
  void what_is_shown_holds_no_password() {
    var command = tools().command("psql", connector, "app", "pgrunbook/r1/x", List.of("-X"));
    assertThat(command.secretEnvironment()).containsKey("PGPASSWORD");
    assertThat(command.shown(Masking.NONE))
        .contains("PGDATABASE=app", "psql --no-password -X")
        .doesNotContain("geheim", "PGPASSWORD");
  }

  @Test
  void without_a_password_the_password_file_is_kept_as_JDBC_keeps_it() {
    var without = new Connector("h", 1, "u", Optional.empty(), Optional.of("require"));
    var environment = new HashMap<>(System.getenv());
    environment.put("PGPASSFILE", "/somewhere");
    var command =
        Tools.find(environment, Optional.empty(), new Children())
            .command("psql", without, "app", "x", List.of());
    assertThat(command.environment())
        .containsEntry("PGPASSFILE", "/somewhere")
        .containsEntry("PGSSLMODE", "require");
  }

  @Test
  void the_server_s_version_is_preferred_then_a_newer_one_and_never_the_wrapper() throws Exception {
    // given
    var wrapper = Files.createDirectories(folder.resolve("usr")).resolve("pg_wrapper");
    program(wrapper, 99);
    Files.createDirectories(folder.resolve("w"));
    Files.createSymbolicLink(folder.resolve("w/pg_dump"), wrapper);
    for (var major : List.of(41, 43, 44)) {
      program(Files.createDirectories(folder.resolve("" + major)).resolve("pg_dump"), major);
    }
    var path = "%1$s/w:%1$s/41:%1$s/43:%1$s/44:/usr/bin:/bin".formatted(folder);
    var environment = Map.of("PATH", path);
    // when, then
    assertThat(major(environment, 43)).contains(43);
    assertThat(major(environment, 42)).contains(43);
    assertThat(major(environment, 45)).contains(44);
    var named = Map.of("PATH", path, BinFolder.NAMED, folder.resolve("41").toString());
    assertThat(major(named, 43)).contains(41);
    var old = Tools.find(named, Optional.of(43), new Children());
    assertThat(old.problem("pg_dump", 43).orElseThrow().what())
        .isEqualTo("pg_dump 41 is older than the server, 43");
    assertThat(old.problem("pg_dump", 41)).isEmpty();
    var wrong = Map.of("PATH", path, BinFolder.NAMED, folder.resolve("46").toString());
    assertThatThrownBy(() -> major(wrong, 43))
        .isInstanceOf(InvalidInput.class)
        .hasMessageContaining("there is no program of PostgreSQL in " + folder.resolve("46"));
  }

  @Test
  void a_missing_program_names_the_package_that_has_it() {
    var none = new LocalTools(Map.of(), Optional.of(15), List.of());
    assertThatThrownBy(() -> none.offline("psql", List.of()))
        .hasMessageStartingWith("there is no program 'psql' of PostgreSQL 15 on this machine")
        .hasMessageContaining("apt install postgresql-client-15");
    assertThat(none.problem("initdb", 15).orElseThrow().hint().orElseThrow())
        .contains("apt install postgresql-15,");
  }

  @Test
  @Tag("fault")
  void a_sender_that_fails_in_the_middle_of_a_COPY_commits_nothing() throws Exception {
    // given
    var name = server.createDatabase("midcopy");
    server.execute(name, "CREATE TABLE t (i int)");
    var psql =
        tools().command("psql", connector, name, "x", List.of("-X", "-v", "ON_ERROR_STOP=1"));
    Stdin.Writer writer =
        out -> {
          try (out) {
            out.write("COPY t FROM stdin;\n".getBytes(StandardCharsets.UTF_8));
            for (var i = 0; i < 200_000; i++) {
              out.write((i + "\n").getBytes(StandardCharsets.UTF_8));
            }
            out.write("63".getBytes(StandardCharsets.UTF_8));
            throw new IOException("the file is cut");
          }
        };
    // when
    for (var grace : List.of(Duration.ZERO, Duration.ofSeconds(5))) {
      assertThatThrownBy(() ->
              new Children(System.getenv(), grace)
                  .run(
                      psql,
                      Stdin.from(writer),
                      OutputSink.none(),
                      OutputSink.none(),
                      Deadline.none()))
          .hasMessageContaining("the file is cut");
    }
    // then
    try (var cluster = new PlainCluster(connector, () -> "test")) {
      cluster.endSessions("x", Duration.ofSeconds(5));
      List<Integer> rows =
          cluster.read(name, c -> Rows.of(c, "SELECT i FROM t", row -> row.getInt(1)));
      assertThat(rows).isEmpty();
    }
  }

  private static Tools tools() {
    return Tools.find(System.getenv(), Optional.empty(), new Children());
  }

  private static Optional<Integer> major(Map<String, String> environment, int server) {
    return Tools.find(environment, Optional.of(server), new Children()).major("pg_dump");
  }

  private static void program(Path file, int major) throws IOException {
    Files.writeString(file, "#!/bin/sh\necho \"pg_dump (PostgreSQL) %d.1\"\n".formatted(major));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
