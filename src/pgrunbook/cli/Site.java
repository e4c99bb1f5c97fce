package pgrunbook.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import pgrunbook.action.ClientPrograms;
import pgrunbook.action.PgRestoreArchives;
import pgrunbook.action.Target;
import pgrunbook.action.World;
import pgrunbook.environment.Environment;
import pgrunbook.environment.Maintenance.FlagFile;
import pgrunbook.plan.TargetFacts;
import pgrunbook.postgres.AdvisoryLock;
import pgrunbook.postgres.Cluster;
import pgrunbook.postgres.Connections;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.TargetLock;
import pgrunbook.postgres.Tools;
import pgrunbook.process.Children;
import pgrunbook.process.OutputSink;
import pgrunbook.service.CommandMaintenance;
import pgrunbook.service.CommandRunner;
import pgrunbook.service.CommandServices;
import pgrunbook.service.Commands;
import pgrunbook.service.FlagFileMaintenance;
import pgrunbook.service.Maintenance;
import pgrunbook.service.NoMaintenance;
import pgrunbook.service.Services;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;
import pgrunbook.text.Secret;

/** One environment with everything that reaches it, wired. */
final class Site implements AutoCloseable {
  private final Environment environment;
  private final Connector connector;
  private final PlainCluster cluster;
  private final World world;
  private final Masking masking;

  private Site(
      Environment environment,
      Connector connector,
      PlainCluster cluster,
      World world,
      Masking masking) {
    this.environment = environment;
    this.connector = connector;
    this.cluster = cluster;
    this.world = world;
    this.masking = masking;
  }

  /** Services and maintenance mode as an environment has them, or others in their place. */
  record Around(Services services, Maintenance maintenance) {
    static Around of(Environment environment, Project project) {
      var masking = new Masking(environment.secretValues());
      var runner = new CommandRunner(new Children(), project.folder(), masking, OutputSink.none());
      Map<String, Commands> commands = new LinkedHashMap<>();
      environment
          .services()
          .forEach(
              (name, it) -> commands.put(name, new Commands(it.stop(), it.start(), it.check())));
      return new Around(new CommandServices(commands, runner), maintenance(environment, runner));
    }

    private static Maintenance maintenance(Environment environment, CommandRunner runner) {
      return environment
          .maintenance()
          .<Maintenance>map(it ->
              switch (it) {
                case FlagFile(var path) -> new FlagFileMaintenance(path);
                case pgrunbook.environment.Maintenance.Commands(var on, var off, var check) ->
                    new CommandMaintenance(on, off, check, runner);
              })
          .orElseGet(NoMaintenance::new);
    }
  }

  /**
   * Connects to the environment's server.
   *
   * @param secrets further values that must not be shown
   * @throws pgrunbook.postgres.PostgresException where it can't be reached
   */
  static Site open(
      Environment environment, Project project, Around around, Collection<Secret> secrets) {
    if (environment.compose().isPresent()) {
      throw new Refused(
          "environment " + environment.name() + " is a Compose project",
          "this version reaches plain servers only: give host and port under 'database'");
    }
    var all = new ArrayList<>(environment.secretValues());
    all.addAll(secrets);
    var masking = new Masking(maskable(environment, all));
    var database = environment.database();
    var connector =
        new Connector(
            database.host(),
            database.port(),
            database.user(),
            database.password(),
            database.sslmode());
    var application = new AtomicReference<>("pgrunbook");
    var cluster = new PlainCluster(new Connections(connector), application::get);
    var world = world(environment, project, around, cluster, connector, application, masking);
    return new Site(environment, connector, cluster, world, masking);
  }

  /** A password that is also a name, such as postgres, can't be hidden: it is everywhere. */
  private static List<Secret> maskable(Environment environment, List<Secret> secrets) {
    var database = environment.database();
    var names = List.of("postgres", environment.name(), database.name(), database.user());
    return secrets.stream().filter(secret -> !names.contains(secret.reveal())).toList();
  }

  private static World world(
      Environment environment,
      Project project,
      Around around,
      PlainCluster cluster,
      Connector connector,
      AtomicReference<String> application,
      Masking masking) {
    var children = new Children();
    var tools = Tools.find(System.getenv(), Optional.of(cluster.server().major()), children);
    var target =
        new Target(
            environment.name(),
            environment.database().name(),
            environment.isProtected(),
            project.folder(),
            environment.backups().dir(),
            environment.systemIdentifier());
    return new World(
        target,
        name -> named(cluster, application, name),
        around.services(),
        around.maintenance(),
        name -> new ClientPrograms(tools, connector, () -> name),
        new PgRestoreArchives(tools, children),
        children,
        masking);
  }

  private static Cluster named(
      PlainCluster cluster, AtomicReference<String> application, String name) {
    application.set(name);
    return cluster;
  }

  Environment environment() {
    return environment;
  }

  World world() {
    return world;
  }

  Masking masking() {
    return masking;
  }

  PlainCluster cluster() {
    return cluster;
  }

  TargetLock locks() {
    return new AdvisoryLock(new Connections(connector));
  }

  /** What is at the other end, and whether it is what the environment says. */
  TargetFacts facts(List<Problem> problems) {
    var server = cluster.server();
    environment
        .systemIdentifier()
        .filter(expected -> !expected.equals(server.systemIdentifier()))
        .ifPresent(expected ->
            problems.add(
                Problem.of(
                    "this is another cluster: system identifier "
                        + server.systemIdentifier()
                        + ", the environment says "
                        + expected,
                    "does the environment point at the right server?")));
    var name = environment.database().name();
    var found = cluster.database(name);
    return new TargetFacts(
        environment.name(),
        name,
        environment.isProtected(),
        "PostgreSQL " + server.version() + " at " + connector,
        server.systemIdentifier(),
        server.user(),
        environment.backups().dir().toString(),
        found.map(DatabaseFacts::oid),
        found.flatMap(DatabaseFacts::bytes));
  }

  @Override
  public void close() {
    cluster.close();
  }
}
