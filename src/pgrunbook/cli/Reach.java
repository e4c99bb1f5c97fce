package pgrunbook.cli;

import java.util.Optional;
import java.util.function.Function;
import pgrunbook.compose.ComposeProject;
import pgrunbook.compose.Container.Mount;
import pgrunbook.compose.ContainerRelay;
import pgrunbook.compose.ContainerTools;
import pgrunbook.compose.Docker;
import pgrunbook.compose.Inside;
import pgrunbook.environment.Database;
import pgrunbook.environment.Environment;
import pgrunbook.postgres.Connections;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.Tools;
import pgrunbook.process.Children;
import pgrunbook.process.Processes;

/**
 * The road to a server. JDBC and the programs take the same one, so they can't disagree about where
 * it leads.
 *
 * @param tools by the server's major version
 * @param shown where the server is, as a plan says it
 */
record Reach(Connections connections, Function<Integer, Tools> tools, String shown) {
  /** Inside a container, only the container itself is meant. */
  private static final String INSIDE = "127.0.0.1";

  /** A plain server by TCP, with this machine's programs. */
  static Reach plain(Database database) {
    var connector = connector(database, database.host());
    return new Reach(
        new Connections(connector),
        major -> Tools.find(System.getenv(), Optional.of(major), new Children()),
        "at " + connector);
  }

  /** The road to an environment's server. */
  static Reach of(Environment environment, Optional<ComposeProject> compose) {
    return compose.map(it -> of(it, environment)).orElseGet(() -> plain(environment.database()));
  }

  /** The Compose project of an environment, where it has one. */
  static Optional<ComposeProject> compose(Environment environment, Project project) {
    return compose(environment, project, new Children());
  }

  /** The same by these processes. */
  static Optional<ComposeProject> compose(
      Environment environment, Project project, Processes processes) {
    return environment
        .compose()
        .map(it -> ComposeProject.open(it, environment, project.folder(), processes));
  }

  /** The server in a Compose project. */
  private static Reach of(ComposeProject compose, Environment environment) {
    var backups = environment.backups();
    var named =
        backups.inContainer().map(inside -> new Mount(backups.dir().toString(), inside, true));
    return of(compose.postgres(), compose.docker(), environment.database(), named);
  }

  /** A server in a container. */
  static Reach of(Inside inside, Docker docker, Database database, Optional<Mount> named) {
    var relay = new ContainerRelay(inside, docker, database.port());
    return new Reach(
        Connections.through(relay, connector(database, INSIDE)),
        major -> new ContainerTools(inside, docker, Optional.of(major), named),
        "in " + inside.shown() + ", as " + database.user());
  }

  private static Connector connector(Database database, String host) {
    return new Connector(
        host, database.port(), database.user(), database.password(), database.sslmode());
  }
}
