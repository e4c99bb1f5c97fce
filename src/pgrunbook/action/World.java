package pgrunbook.action;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import pgrunbook.backup.ArchiveReader;
import pgrunbook.compose.ComposeView;
import pgrunbook.postgres.Cluster;
import pgrunbook.process.Deadline;
import pgrunbook.process.Processes;
import pgrunbook.service.Maintenance;
import pgrunbook.service.Services;
import pgrunbook.text.Masking;

/**
 * The outside world of one target, put together by whoever wires the program.
 *
 * @param cluster by the application name that its writing sessions carry
 * @param programs by the application name that their sessions carry
 */
public record World(
    Target target,
    Function<String, Cluster> cluster,
    Services services,
    Maintenance maintenance,
    Optional<ComposeView> compose,
    Neighbours neighbours,
    Function<String, Programs> programs,
    ArchiveReader archives,
    Processes processes,
    Masking masking)
    implements Acts {

  @Override
  public Look look(RunTag run, List<Claim> held, Map<String, String> foreseen, Progress progress) {
    return act(run, held, foreseen, progress, _ -> {}, Deadline.none());
  }

  @Override
  public Act act(
      RunTag run,
      List<Claim> held,
      Map<String, String> foreseen,
      Progress progress,
      StepLog log,
      Deadline deadline) {
    var name = run.applicationName();
    return new Hold(
        target,
        run,
        cluster.apply(name),
        services,
        maintenance,
        compose,
        neighbours,
        programs.apply(name),
        archives,
        List.copyOf(held),
        Map.copyOf(foreseen),
        masking,
        progress,
        processes,
        log,
        deadline);
  }

  /** One step's hold. */
  private record Hold(
      Target target,
      RunTag run,
      Cluster cluster,
      Services services,
      Maintenance maintenance,
      Optional<ComposeView> compose,
      Neighbours neighbours,
      Programs programs,
      ArchiveReader archives,
      List<Claim> held,
      Map<String, String> foreseen,
      Masking masking,
      Progress progress,
      Processes processes,
      StepLog log,
      Deadline deadline)
      implements Act {
    @Override
    public Optional<Elsewhere> elsewhere(String environment) {
      return neighbours.find(environment);
    }

    @Override
    public Map<String, List<String>> rehearsed(String action, String output) {
      return neighbours.rehearsed(action, output);
    }
  }
}
