package pgrunbook.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static pgrunbook.rehearsal.ScratchPlace.PROCESSES;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.Secret;

class ScratchClusterTest {
  private ScratchPlace place;

  @BeforeEach
  void makePlace() throws IOException {
    place = new ScratchPlace();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(place.processes()).isEmpty();
    place.close();
  }

  @Test
  void a_closed_cluster_leaves_no_process_and_no_folder() throws Exception {
    // given
    try (var cluster = place.start()) {
      // when
      var server = serverAt(cluster.connector());
      // then
      assertThat(server).isEqualTo(cluster.version()).isNotEmpty();
      assertThat(place.folders()).containsExactly(cluster.folder());
      assertThat(place.processes()).isNotEmpty();
    }
    assertThat(place.processes()).isEmpty();
    assertThat(place.folders()).isEmpty();
  }

  @Test
  void only_who_knows_the_password_gets_in() throws Exception {
    try (var cluster = place.start()) {
      var wrong = withPassword(cluster.connector(), "wrong");
      assertThatExceptionOfType(PostgresException.class).isThrownBy(() -> serverAt(wrong));
    }
  }

  @Test
  void the_password_is_in_no_file_and_no_argument() throws Exception {
    try (var cluster = place.start()) {
      var password = cluster.connector().password().orElseThrow().reveal();
      try (var files = Files.list(cluster.folder())) {
        for (var file : files.filter(Files::isRegularFile).toList()) {
          assertThat(Files.readString(file)).as(file.toString()).doesNotContain(password);
        }
      }
      assertThat(ProcessHandle.allProcesses().flatMap(ScratchPlace::arguments))
          .noneMatch(argument -> argument.contains(password));
    }
  }

  @Test
  void what_the_cluster_holds_can_be_read_by_the_servers_user_only() throws Exception {
    try (var cluster = place.start()) {
      var data = Files.getPosixFilePermissions(cluster.folder().resolve("data"));
      var folder = Files.getPosixFilePermissions(cluster.folder());
      assertThat(PosixFilePermissions.toString(data)).isEqualTo("rwx------");
      assertThat(PosixFilePermissions.toString(folder)).startsWith("rwx--").doesNotContain("r--");
    }
  }

  @Test
  void an_interrupted_thread_can_close_it_and_stays_interrupted() throws Exception {
    // given
    var cluster = place.start();
    // when
    Thread.currentThread().interrupt();
    cluster.close();
    // then
    assertThat(Thread.interrupted()).isTrue();
    assertThat(place.folders()).isEmpty();
  }

  @Test
  void closing_waits_for_no_session() throws Exception {
    var cluster = place.start();
    try (var other = new PlainCluster(cluster.connector(), () -> "test")) {
      other.write(
          "postgres",
          connection -> {
            cluster.close();
            return connection;
          });
    }
    assertThat(place.folders()).isEmpty();
  }

  @Test
  void an_interrupt_while_it_starts_leaves_nothing() throws Exception {
    for (var millis : new int[] {0, 300, 900}) {
      // given
      var starting = Thread.ofPlatform().unstarted(() -> startUntilInterrupted());
      starting.start();
      // when
      Thread.sleep(millis);
      starting.interrupt();
      starting.join();
      // then
      assertThat(place.folders()).isEmpty();
      assertThat(place.processes()).isEmpty();
    }
  }

  @Test
  void a_kept_cluster_lives_on_and_says_how_to_get_into_it_and_be_rid_of_it() throws Exception {
    // given
    var cluster = place.start();
    // when
    var kept = cluster.keep();
    cluster.close();
    // then
    assertThat(ScratchCluster.removeStale(PROCESSES, place.path)).isEmpty();
    assertThat(serverAt(cluster.connector())).isEqualTo(cluster.version());
    var password = cluster.connector().password().orElseThrow().reveal();
    assertThat(kept.connect()).contains("psql").doesNotContain(password);
    assertThat(shell(kept.connect() + " -Atc 'select 1'")).isZero();
    assertThat(shell(kept.remove())).isZero();
  }

  private void startUntilInterrupted() {
    try (var cluster = place.start()) {
      Thread.sleep(60_000);
      throw new IllegalStateException("not interrupted: " + cluster.folder());
    } catch (InterruptedException | PostgresException _) {
      // as it should be
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int shell(String command) throws IOException, InterruptedException {
    return new ProcessBuilder("/bin/sh", "-c", command).start().waitFor();
  }

  static String serverAt(Connector connector) {
    try (var cluster = new PlainCluster(connector, () -> "test")) {
      return cluster.server().version();
    }
  }

  private static Connector withPassword(Connector at, String password) {
    var secret = Optional.of(new Secret(password));
    return new Connector(at.host(), at.port(), at.user(), secret, at.sslmode());
  }
}
