package pgrunbook.cli;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import pgrunbook.action.ClientPrograms;
import pgrunbook.action.Neighbours;
import pgrunbook.action.PgRestoreArchives;
import pgrunbook.action.World;
import pgrunbook.compose.ComposeProject;
import pgrunbook.compose.ComposeServices;
import pgrunbook.compose.ComposeView;
import pgrunbook.environment.Environment;
import pgrunbook.environment.Maintenance.FlagFile;
import pgrunbook.plan.TargetFacts;
import pgrunbook.postgres.AdvisoryLock;
import pgrunbook.postgres.Cluster;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.TargetLock;
import pgrunbook.process.Children;
import pgrunbook.process.OutputSink;
import pgrunbook.process.Processes;
import pgrunbook.service.CommandMaintenance;
import pgrunbook.service.CommandRunner;
import pgrunbook.service.CommandServices;
import pgrunbook.service.Commands;
import pgrunbook.service.FlagFileMaintenance;
import pgrunbook.service.JoinedServices;
import pgrunbook.service.Maintenance;
import pgrunbook.service.NoMaintenance;
import pgrunbook.service.Services;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;
import pgrunbook.text.Secret;

/** One environment with everything that reaches it, wired. */
final class Site implements AutoCloseable {
  private final Environment environment;
  private final Reach reach;
  private final PlainCluster cluster;
  private final TargetLock lock;
  private final World world;
  private final Masking masking;

  private Site(
      Environment environment,
      Reach reach,
      PlainCluster cluster,
      TargetLock lock,
      World world,
      Masking masking) {
    this.environment = environment;
    this.reach = reach;
    this.cluster = cluster;
    this.lock = lock;
    this.world = world;
    this.masking = masking;
  }

  /** What is around the server, as an environment has it, or others in its place. */
  record Around(
      Services services,
      Maintenance maintenance,
      Optional<ComposeView> compose,
      Neighbours neighbours) {
    static Around of(
        Environment environment, Project project, Optional<ComposeProject> composeProject) {
      return of(environment, project, composeProject, new Children());
    }

    private static Around of(
        Environment environment,
        Project project,
        Optional<ComposeProject> composeProject,
        Processes processes) {
      var masking = new Masking(environment.hidden(List.of()));
      var runner = new CommandRunner(processes, project.folder(), masking, OutputSink.none());
      Map<String, Commands> commands = new LinkedHashMap<>();
      environment
          .services()
          .forEach(
              (name, it) -> commands.put(name, new Commands(it.stop(), it.start(), it.check())));
      var byCommand = new CommandServices(commands, runner);
      return new Around(
          composeProject
              .<Services>map(it -> new JoinedServices(byCommand, new ComposeServices(it, masking)))
              .orElse(byCommand),
          maintenance(environment, runner),
          composeProject.map(it -> it),
          new Surroundings(project));
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
  static Site open(Environment environment, Project project, Collection<Secret> secrets) {
    var application = application();
    var children = Children.marked(application::get);
    var compose = Reach.compose(environment, project, children);
    var around = Around.of(environment, project, compose, children);
    var reach = Reach.of(environment, compose);
    return open(environment, project, reach, around, secrets, application);
  }

  /** The same on another road, with other services. */
  static Site open(
      Environment environment,
      Project project,
      Reach reach,
      Around around,
      Collection<Secret> secrets) {
    return open(environment, project, reach, around, secrets, application());
  }

  /** For which run and step everything is done from now on: sessions and programs bear it. */
  private static AtomicReference<String> application() {
    return new AtomicReference<>("pgrunbook");
  }

  private static Site open(
      Environment environment,
      Project project,
      Reach reach,
      Around around,
      Collection<Secret> secrets,
      AtomicReference<String> application) {
    project.secrets().learn(environment, secrets);
    var masking = new Masking(environment.hidden(secrets));
    var lock = new AdvisoryLock(reach.connections());
    var cluster = new PlainCluster(reach.connections(), application::get, lock);
    var world = world(environment, project, around, cluster, reach, application, masking);
    return new Site(environment, reach, cluster, lock, world, masking);
  }

  private static World world(
      Environment environment,
      Project project,
      Around around,
      PlainCluster cluster,
      Reach reach,
      AtomicReference<String> application,
      Masking masking) {
    var children = Children.marked(application::get);
    var tools = reach.tools().apply(cluster.server().major());
    var connector = reach.connections().connector();
    return new World(
        Prepared.target(project, environment),
        name -> named(cluster, application, name),
        around.services(),
        around.maintenance(),
        around.compose(),
        around.neighbours(),
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

  /** What it has locked is from then on the condition of every write. */
  TargetLock locks() {
    return lock;
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
        "PostgreSQL " + server.version() + " " + reach.shown(),
        server.systemIdentifier(),
        server.user(),
        environment.backups().dir().toString(),
        found.map(DatabaseFacts::oid),
        found.flatMap(DatabaseFacts::bytes));
  }

  @Override
  public void close() {
    world.neighbours().close();
    cluster.close();
  }
}
