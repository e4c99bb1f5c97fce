package pgrunbook.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static pgrunbook.rehearsal.ScratchPlace.PROCESSES;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.Tools;
import pgrunbook.process.ChildCommand;
import pgrunbook.text.Refused;

/** What happens where a scratch cluster can't be made, or its maker is gone. */
class ScratchFailureTest {
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
  void missing_programs_are_named_with_the_packages_that_bring_them() {
    var none = new Changed(ScratchPlace.tools(), argv -> argv, false);
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> ScratchCluster.start(none, PROCESSES, place.path))
        .withMessageContaining("there is no program 'initdb' of PostgreSQL's server")
        .withMessageContaining("hint: install it: apt install postgresql")
        .withMessageContaining("dnf install postgresql-server")
        .withMessageContaining("brew install postgresql@");
  }

  @Test
  void a_server_that_does_not_start_is_quoted() {
    var tools = changed(argv -> plus(argv, "-c", "work_mem=nonsense"));
    assertThatExceptionOfType(PostgresException.class)
        .isThrownBy(() -> ScratchCluster.start(tools, PROCESSES, place.path))
        .withMessageContaining("invalid value for parameter \"work_mem\"");
  }

  @Test
  void a_port_that_somebody_else_takes_meanwhile_is_given_up_for_another() throws Exception {
    // given
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var attempts = new ArrayList<List<String>>();
      var tools =
          changed(argv -> {
            attempts.add(argv);
            return attempts.size() == 1 ? plus(argv, "-p", "" + taken.getLocalPort()) : argv;
          });
      // when
      try (var cluster = ScratchCluster.start(tools, PROCESSES, place.path)) {
        // then
        assertThat(cluster.connector().port()).isNotEqualTo(taken.getLocalPort());
        assertThat(attempts).hasSize(2);
      }
    }
  }

  @Test
  void a_folder_that_the_servers_user_cannot_get_to_is_said_to_be_the_reason(@TempDir Path closed)
      throws IOException {
    assumeTrue(Files.getAttribute(closed, "unix:uid").equals(0), "only root is another user");
    assertThatExceptionOfType(PostgresException.class)
        .isThrownBy(() -> ScratchCluster.start(ScratchPlace.tools(), PROCESSES, closed))
        .withMessageContaining("Permission denied")
        .withMessageContaining("has to be able to get to it");
    assertThat(closed).isEmptyDirectory();
  }

  @Test
  void the_cluster_of_a_maker_that_is_gone_is_stopped_and_removed() throws Exception {
    // given
    try (var cluster = place.start()) {
      made(cluster.folder(), byAnEndedProcess());
      // when
      var removed = ScratchCluster.removeStale(PROCESSES, place.path);
      // then
      assertThat(removed).containsExactly(cluster.folder());
      assertThat(place.processes()).isEmpty();
      assertThat(place.folders()).isEmpty();
    }
  }

  @Test
  void what_has_another_maker_or_none_is_left_alone() throws Exception {
    // given
    try (var cluster = place.start()) {
      var unfinished = Files.createDirectory(place.path.resolve(ScratchFolder.PREFIX + "new"));
      var elsewhere = Files.createDirectory(place.path.resolve(ScratchFolder.PREFIX + "there"));
      made(elsewhere, new Maker(1, "then", "another machine"));
      // when
      var removed = ScratchCluster.removeStale(PROCESSES, place.path);
      // then
      assertThat(removed).isEmpty();
      assertThat(ScratchClusterTest.serverAt(cluster.connector())).isNotEmpty();
      Files.delete(unfinished);
      Files.delete(elsewhere.resolve("maker"));
      Files.delete(elsewhere);
    }
  }

  @Test
  void a_process_that_only_has_the_number_of_a_server_is_not_stopped() throws Exception {
    // given
    var bystander = new ProcessBuilder("sleep", "60").start();
    var folder = Files.createDirectory(place.path.resolve(ScratchFolder.PREFIX + "old"));
    made(folder, byAnEndedProcess());
    Files.createDirectory(folder.resolve("data"));
    Files.writeString(folder.resolve("data/postmaster.pid"), bystander.pid() + "\n");
    // when
    var removed = ScratchCluster.removeStale(PROCESSES, place.path);
    // then
    assertThat(removed).containsExactly(folder);
    assertThat(bystander.isAlive()).isTrue();
    bystander.destroyForcibly().waitFor();
  }

  private static void made(Path folder, Maker maker) throws IOException {
    maker.write(folder.resolve("maker"));
  }

  private static Maker byAnEndedProcess() throws IOException, InterruptedException {
    var process = new ProcessBuilder("true").start();
    process.waitFor();
    return new Maker(process.pid(), "before", Maker.current().machine());
  }

  private static Tools changed(UnaryOperator<List<String>> server) {
    return new Changed(ScratchPlace.tools(), server, true);
  }

  private static List<String> plus(List<String> argv, String... more) {
    var all = new ArrayList<>(argv);
    all.addAll(List.of(more));
    return all;
  }

  /** The real programs, with another command line for the server, or without any. */
  private record Changed(Tools real, UnaryOperator<List<String>> server, boolean there)
      implements Tools {
    @Override
    public Optional<Integer> major(String program) {
      return there ? real.major(program) : Optional.empty();
    }

    @Override
    public ChildCommand command(
        String program, Connector at, String database, String application, List<String> args) {
      return real.command(program, at, database, application, args);
    }

    @Override
    public ChildCommand offline(String program, List<String> args) {
      var command = real.offline(program, args);
      return program.equals("postgres") ? command.running(server.apply(command.argv())) : command;
    }
  }
}
