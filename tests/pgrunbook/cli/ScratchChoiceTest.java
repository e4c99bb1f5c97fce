package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.backup.BackupFile;
import pgrunbook.backup.Format;
import pgrunbook.backup.Manifest;
import pgrunbook.backup.Manifests;
import pgrunbook.backup.SourceDatabase;
import pgrunbook.cli.ScratchChoice.Chosen;
import pgrunbook.compose.Docker;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.Tools;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Children;
import pgrunbook.testing.WithDocker;
import pgrunbook.text.Refused;

/** Which of both a rehearsal takes, on machines that have one of them, both, or none. */
class ScratchChoiceTest {
  private static final Optional<String> NOT_ASKED = Optional.empty();
  private static final Optional<String> ANY_IMAGE = Optional.of("");

  @TempDir private Path folder;
  private final List<String> said = new ArrayList<>();
  private final List<Path> backups = new ArrayList<>();

  @BeforeEach
  void makeProject() throws IOException {
    Files.createDirectories(folder.resolve("runbooks/environments"));
    environment("compose:\n  file: compose.yaml\n  postgres_service: db\n");
    compose("image: registry.example/own/postgres:16");
  }

  private void environment(String more) throws IOException {
    Files.writeString(
        folder.resolve("runbooks/environments/prod.yaml"),
        "name: prod\ndatabase: {name: shop, user: shop}\nbackups: {dir: backups}\n" + more);
  }

  private void compose(String service) throws IOException {
    Files.writeString(folder.resolve("compose.yaml"), "services:\n  db:\n    " + service + "\n");
  }

  @Test
  void this_machines_programs_are_taken_where_they_are() {
    // given
    var programs = new Programs(17, 17);
    // when
    var chosen = choice(programs, true).choose(NOT_ASKED);
    // then
    assertThat(chosen).isEqualTo(new Chosen.Programs(programs));
    assertThat(said).isEmpty();
  }

  @Test
  @WithDocker
  void without_the_server_it_is_a_container_of_the_environments_own_image() {
    assertThat(choice(new Programs(0, 17), true).choose(NOT_ASKED))
        .isEqualTo(new Chosen.Image("registry.example/own/postgres:16"));
    assertThat(said)
        .singleElement()
        .asString()
        .startsWith("rehearsing in a container: there is no program 'initdb'");
  }

  @Test
  @WithDocker
  void clients_that_are_missing_or_older_than_the_server_are_not_enough() {
    assertThat(choice(new Programs(17, 0), true).choose(NOT_ASKED))
        .isInstanceOf(Chosen.Image.class);
    assertThat(choice(new Programs(17, 15), true).choose(NOT_ASKED))
        .isInstanceOf(Chosen.Image.class);
    assertThat(said.getLast()).contains("psql 15 is older than the server, 17");
  }

  @Test
  @WithDocker
  void programs_that_are_older_than_the_backup_s_server_are_not_enough() throws IOException {
    // given
    var backup = folder.resolve("x.sql");
    var none = new TreeMap<String, String>();
    var source =
        new SourceDatabase("17.6 (Debian)", "1", "shop", 1, 1, "UTF8", none, none, List.of(), none);
    Manifests.write(
        backup,
        new Manifest(
            Manifest.CURRENT,
            Instant.EPOCH,
            "test",
            Optional.empty(),
            Format.PLAIN,
            List.of(new BackupFile("x.sql", 0, "00ff")),
            "17",
            "test",
            source,
            Optional.empty()));
    backups.add(backup);
    // then
    assertThat(choice(new Programs(17, 17), true).choose(NOT_ASKED))
        .isInstanceOf(Chosen.Programs.class);
    assertThat(choice(new Programs(15, 15), true).choose(NOT_ASKED))
        .isInstanceOf(Chosen.Image.class);
    assertThat(said.getLast())
        .isEqualTo("this machine's PostgreSQL is 15, the backup is of 17.6: in a container");
    assertThat(choice(new Programs(15, 15), false).choose(NOT_ASKED))
        .isInstanceOf(Chosen.Programs.class);
    assertThat(said.getLast()).contains("is of 17.6; there is no program 'docker'");
  }

  @Test
  void with_neither_both_ways_out_are_named() {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> choice(new Programs(0, 0), false).choose(NOT_ASKED))
        .withMessageContaining("a rehearsal needs PostgreSQL's programs or Docker")
        .withMessageContaining("hint: install it: apt install postgresql")
        .withMessageContaining("there is no program 'docker'")
        .withMessageContaining("hint: install Docker");
  }

  @Test
  void who_asks_for_a_container_on_a_machine_without_docker_is_refused() {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> choice(new Programs(17, 17), false).choose(ANY_IMAGE))
        .withMessageContaining("there is no program 'docker'");
  }

  @Test
  @WithDocker
  void an_image_that_was_asked_for_is_taken_though_there_are_programs() {
    var choice = choice(new Programs(17, 17), true);
    assertThat(choice.choose(Optional.of("postgres:18")))
        .isEqualTo(new Chosen.Image("postgres:18"));
    assertThat(choice.choose(ANY_IMAGE))
        .isEqualTo(new Chosen.Image("registry.example/own/postgres:16"));
    assertThat(said).isEmpty();
  }

  @Test
  @WithDocker
  void where_the_environments_image_is_not_known_it_says_so_and_takes_the_official_one()
      throws IOException {
    var official = new Chosen.Image("postgres:17");
    var choice = choice(new Programs(17, 17), true);
    compose("build: .");
    assertThat(choice.choose(ANY_IMAGE)).isEqualTo(official);
    assertThat(said.getLast())
        .startsWith("taking image postgres:17, --container=IMAGE takes another: ")
        .endsWith("service db is built, and names no image");
    Files.delete(folder.resolve("compose.yaml"));
    assertThat(choice.choose(ANY_IMAGE)).isEqualTo(official);
    assertThat(said.getLast()).contains("there is no Compose file compose.yaml");
    environment("");
    assertThat(choice.choose(ANY_IMAGE)).isEqualTo(official);
    assertThat(said.getLast()).endsWith("environment prod has no Compose project");
    environment("databse: {}\n");
    assertThat(choice.choose(ANY_IMAGE)).isEqualTo(official);
    assertThat(said.getLast()).contains("databse");
  }

  private ScratchChoice choice(Tools tools, boolean docker) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    if (!docker) {
      environment.put("PATH", "/nonexistent");
    }
    var processes = new Children(environment, Duration.ofSeconds(1));
    return new ScratchChoice(
        tools,
        new Docker(processes, folder),
        new Project(folder, new Secrets()),
        "prod",
        backups,
        said::add);
  }

  /** Programs of those versions; 0 for none. */
  private record Programs(int server, int clients) implements Tools {
    @Override
    public Optional<Integer> major(String program) {
      var major = program.equals("initdb") || program.equals("postgres") ? server : clients;
      return Optional.of(major).filter(it -> it > 0);
    }

    @Override
    public ChildCommand command(
        String program, Connector at, String database, String application, List<String> args) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ChildCommand offline(String program, List<String> args) {
      throw new UnsupportedOperationException();
    }
  }
}
