package pgrunbook.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Neighbours;
import pgrunbook.compose.SimulatedCompose;
import pgrunbook.environment.Backups;
import pgrunbook.environment.ComposeSettings;
import pgrunbook.environment.Database;
import pgrunbook.environment.Environment;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.rehearsal.Scratch;
import pgrunbook.rehearsal.ScratchCluster;
import pgrunbook.rehearsal.ScratchContainer;
import pgrunbook.service.SimulatedMaintenance;
import pgrunbook.service.SimulatedServices;
import pgrunbook.text.Secret;

/** A scratch server in the place of an environment's. */
record ScratchSite(Project project, Scratch scratch) {
  private static final String DEFAULT_DATABASE = "app";

  /** The names of the environment, but a server, services and maintenance of its own. */
  Environment environment(String name, Optional<Environment> real) {
    return environment(name, real, real.map(it -> it.database().name()).orElse(DEFAULT_DATABASE));
  }

  /** The same with a database of another name. */
  Environment environment(String name, Optional<Environment> real, String database) {
    var connector = scratch.connector();
    return new Environment(
        name,
        scratch.folder().resolve("environment.yaml"),
        scratch.folder().resolve(".env"),
        false,
        new Database(
            database,
            connector.host(),
            connector.port(),
            connector.user(),
            connector.password(),
            connector.sslmode()),
        Optional.empty(),
        Map.of(),
        new Backups(scratch.work().resolve("backups"), Optional.empty()),
        real.map(Environment::migrations).orElseGet(() -> MigrationSettings.in(project.folder())),
        Optional.empty(),
        Optional.empty(),
        real.map(Environment::secrets).orElse(List.of()),
        real.map(Environment::env).orElseGet(System::getenv));
  }

  /**
   * Opens it.
   *
   * @param secrets what must not be shown besides what the real environment hides
   */
  Site open(
      Environment environment, Optional<Environment> real, Path work, Collection<Secret> secrets)
      throws IOException {
    Files.createDirectories(environment.backups().dir());
    var simulated = Files.createDirectories(work.resolve("simulated"));
    var postgres =
        real.flatMap(Environment::compose)
            .map(ComposeSettings::postgresService)
            .orElse(ComposeSettings.POSTGRES);
    var around =
        new Site.Around(
            new SimulatedServices(simulated, List.of()),
            new SimulatedMaintenance(simulated),
            Optional.of(new SimulatedCompose(postgres)),
            Neighbours.NONE);
    var hidden = new ArrayList<>(secrets);
    real.map(it -> it.hidden(List.of())).ifPresent(hidden::addAll);
    return Site.open(environment, project, reach(environment.database()), around, hidden);
  }

  /** The road to it. */
  Reach reach(Database database) {
    return switch (scratch) {
      case ScratchCluster _ -> Reach.plain(database);
      case ScratchContainer it -> Reach.of(it.inside(), it.docker(), database, Optional.empty());
    };
  }
}
