package pgrunbook.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.process.Children;
import pgrunbook.process.Deadline;
import pgrunbook.process.OutputSink;
import pgrunbook.text.Masking;
import pgrunbook.text.Secret;

@Timeout(60)
class ServicesTest {
  private static final Deadline SOON = Deadline.in(Duration.ofSeconds(20));

  @TempDir Path folder;
  private CommandRunner runner;
  private CommandServices services;

  @BeforeEach
  void a_service_that_takes_a_moment() {
    var masking = new Masking(List.of(new Secret("geheim")));
    runner = new CommandRunner(new Children(), folder, masking, OutputSink.none());
    services =
        new CommandServices(
            Map.of(
                "backend",
                new Commands(
                    sh("(sleep 0.4; rm up) >/dev/null 2>&1 &"),
                    sh("(sleep 0.4; touch up) >/dev/null 2>&1 &"),
                    sh("test -e up || exit 3")),
                "odd",
                new Commands(sh("exit 5"), sh("echo geheim >&2; exit 5"), sh("exit 1"))),
            runner);
  }

  @Test
  void starting_and_stopping_comes_back_when_it_is_so() throws Exception {
    assertThat(services.state("backend")).isEqualTo(new ServiceState.Stopped());
    services.start("backend", SOON);
    assertThat(services.state("backend")).isEqualTo(new ServiceState.Running());
    services.stop("backend", SOON);
    assertThat(services.state("backend")).isEqualTo(new ServiceState.Stopped());
  }

  @Test
  void another_exit_code_of_the_check_is_unknown_and_says_why() {
    assertThat(services.state("odd")).isEqualTo(new ServiceState.Unknown("the check: exit code 1"));
  }

  @Test
  void a_command_that_fails_is_reported_without_secrets() {
    assertThatThrownBy(() -> services.start("odd", SOON))
        .isInstanceOf(ServiceFailed.class)
        .hasMessageStartingWith("cannot start service 'odd': exit code 5: ***\n  hint: ");
  }

  @Test
  void a_service_that_does_not_get_there_in_time_is_a_failure() {
    var stuck =
        new CommandServices(
            Map.of("a", new Commands(sh("true"), sh("true"), sh("exit 3"))), runner);
    assertThatThrownBy(() -> stuck.start("a", Deadline.in(Duration.ofMillis(400))))
        .isInstanceOf(ServiceFailed.class)
        .hasMessageContaining("its check does not say so in time");
  }

  @Test
  void a_service_that_nobody_knows_is_named() {
    assertThatThrownBy(() -> services.stop("backendd", SOON))
        .isInstanceOf(ServiceFailed.class)
        .hasMessageContaining("did you mean 'backend'?");
  }

  @Test
  void what_is_simulated_is_remembered() throws Exception {
    // given
    new SimulatedServices(folder.resolve("run"), List.of("backend")).stop("my backend", SOON);
    // when
    var later = new SimulatedServices(folder.resolve("run"), List.of("backend"));
    // then
    assertThat(later.state("my backend")).isEqualTo(new ServiceState.Stopped());
    assertThat(later.state("backend")).isEqualTo(new ServiceState.Running());
    later.start("my backend", SOON);
    assertThat(later.state("my backend")).isEqualTo(new ServiceState.Running());
  }

  @Test
  void a_flag_file_says_who_switched_maintenance_on_first() throws Exception {
    // given
    var file = folder.resolve("maintenance.flag");
    var maintenance = new FlagFileMaintenance(file);
    assertThat(maintenance.state()).isEqualTo(new MaintenanceState.Off());
    // when
    maintenance.on("r1", SOON);
    maintenance.on("r2", SOON);
    // then
    assertThat(maintenance.state()).isEqualTo(new MaintenanceState.On());
    assertThat(Files.readString(file)).contains("run r1 at 2");
    maintenance.off(SOON);
    maintenance.off(SOON);
    assertThat(maintenance.state()).isEqualTo(new MaintenanceState.Off());
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_flag_file_that_cannot_be_written_is_a_failure() {
    var maintenance = new FlagFileMaintenance(folder.resolve("missing/flag"));
    assertThatThrownBy(() -> maintenance.on("r1", SOON)).isInstanceOf(ServiceFailed.class);
  }

  @Test
  void maintenance_by_commands_and_simulated_and_none() throws Exception {
    // given
    Maintenance commands =
        new CommandMaintenance(sh("touch m"), sh("rm m"), sh("test -e m || exit 3"), runner);
    for (var maintenance : List.of(commands, new SimulatedMaintenance(folder))) {
      // when
      maintenance.on("r1", SOON);
      // then
      assertThat(maintenance.state()).isEqualTo(new MaintenanceState.On());
      maintenance.off(SOON);
      assertThat(maintenance.state()).isEqualTo(new MaintenanceState.Off());
    }
    assertThat(new NoMaintenance().state()).isInstanceOf(MaintenanceState.Unknown.class);
    assertThatThrownBy(() -> new NoMaintenance().on("r1", SOON)).isInstanceOf(ServiceFailed.class);
  }

  private static List<String> sh(String script) {
    return List.of("sh", "-c", script);
  }
}
