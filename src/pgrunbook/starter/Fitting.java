package pgrunbook.starter;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which runbooks fit a repository: those whose environment it has, or that any environment may use;
 * those that apply Flyway's migrations where it has some.
 */
record Fitting(Path folder, List<Deployment> deployments) {

  List<RunbookText> runbooks() {
    return Packed.runbooks().stream()
        .map(it -> deployment(it).isPresent() ? it : it.forAny())
        .filter(this::fits)
        .map(this::adapted)
        .toList();
  }

  private boolean fits(RunbookText it) {
    return (it.environment().isEmpty() || deployment(it).isPresent())
        && (!it.migrates() || hasMigrations());
  }

  private RunbookText adapted(RunbookText it) {
    var deployment = deployment(it).orElse(deployments.getFirst());
    return it.with(deployment.application(), deployment.postgres().name());
  }

  private Optional<Deployment> deployment(RunbookText runbook) {
    return deployments.stream()
        .filter(it -> runbook.environment().filter(it.environment()::equals).isPresent())
        .findFirst();
  }

  private boolean hasMigrations() {
    var migrations = folder.resolve("migrations").toFile().list();
    return migrations != null
        && List.of(migrations).stream().anyMatch(it -> it.matches("V[0-9._]+__.+\\.sql"));
  }
}
