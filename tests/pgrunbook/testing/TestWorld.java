package pgrunbook.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Claim;
import pgrunbook.action.ClientPrograms;
import pgrunbook.action.Look;
import pgrunbook.action.Neighbours;
import pgrunbook.action.PgRestoreArchives;
import pgrunbook.action.Progress;
import pgrunbook.action.RunTag;
import pgrunbook.action.StepPath;
import pgrunbook.action.Target;
import pgrunbook.action.World;
import pgrunbook.compose.ComposeView;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.expression.Scope;
import pgrunbook.postgres.Cluster;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.Tools;
import pgrunbook.process.Children;
import pgrunbook.process.Deadline;
import pgrunbook.process.Processes;
import pgrunbook.service.Maintenance;
import pgrunbook.service.Services;
import pgrunbook.service.SimulatedMaintenance;
import pgrunbook.service.SimulatedServices;
import pgrunbook.text.Masking;
import pgrunbook.text.Problems;
import pgrunbook.yaml.Binder;
import pgrunbook.yaml.Records;
import pgrunbook.yaml.Yaml;

/**
 * The world of an action under test: a temporary project folder, the test cluster, child processes
 * of this machine, and services and a maintenance mode that are simulated unless others are given.
 * The cluster is started with the first world.
 */
public final class TestWorld implements AutoCloseable {
  /** The run that every act belongs to. */
  public static final String RUN = "20260102-030405-test";

  private static final String PROGRAM = "pgrunbook-test";

  private final Path project;
  private final String database;
  private final Around around;
  private final List<Claim> held;
  private final Masking masking;
  private final Shared shared;

  /** What is around the database. */
  private record Around(
      Services services,
      Maintenance maintenance,
      Optional<ComposeView> compose,
      Neighbours neighbours,
      Optional<String> schema) {}

  /** What a world shares with those made from it. */
  private record Shared(
      Processes processes,
      Connector connector,
      Tools tools,
      Map<String, PlainCluster> clusters,
      List<String> log) {}

  private TestWorld(
      Path project,
      String database,
      Around around,
      List<Claim> held,
      Masking masking,
      Shared shared) {
    this.project = project;
    this.database = database;
    this.around = around;
    this.held = List.copyOf(held);
    this.masking = masking;
    this.shared = shared;
  }

  /**
   * A world whose project is that folder, usually a {@code @TempDir}.
   *
   * @param database the production name; nothing makes the database
   */
  public static TestWorld in(Path project, String database) {
    try {
      Files.createDirectories(project.resolve("backups"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var simulated = project.resolve("simulated");
    return new TestWorld(
        project,
        database,
        new Around(
            new SimulatedServices(simulated, List.of()),
            new SimulatedMaintenance(simulated),
            Optional.empty(),
            Neighbours.NONE,
            Optional.empty()),
        List.of(),
        Masking.NONE,
        share(PostgresServer.shared()));
  }

  private static Shared share(PostgresServer server) {
    var processes = new Children();
    var connector =
        new Connector(
            "127.0.0.1", server.port(), server.user(), Optional.empty(), Optional.empty());
    var clusters = new ConcurrentHashMap<String, PlainCluster>();
    var first = new PlainCluster(connector, () -> PROGRAM);
    clusters.put(PROGRAM, first);
    var tools = Tools.find(System.getenv(), Optional.of(first.server().major()), processes);
    return new Shared(processes, connector, tools, clusters, new CopyOnWriteArrayList<>());
  }

  /** The same world with other services. */
  public TestWorld with(Services others) {
    return with(
        new Around(others, around.maintenance, around.compose, around.neighbours, around.schema));
  }

  /** The same world with another maintenance mode. */
  public TestWorld with(Maintenance other) {
    return with(
        new Around(around.services, other, around.compose, around.neighbours, around.schema));
  }

  /** The same world with a Compose project. */
  public TestWorld with(ComposeView compose) {
    var present = Optional.of(compose);
    return with(
        new Around(around.services, around.maintenance, present, around.neighbours, around.schema));
  }

  /** The same world with other environments around. */
  public TestWorld with(Neighbours neighbours) {
    return with(
        new Around(around.services, around.maintenance, around.compose, neighbours, around.schema));
  }

  /** The same world with migrations in a schema of their own. */
  public TestWorld migrating(String schema) {
    return with(
        new Around(
            around.services,
            around.maintenance,
            around.compose,
            around.neighbours,
            Optional.of(schema)));
  }

  /** The same world with PostgreSQL's programs of that folder, where it has them. */
  public TestWorld withPrograms(Path folder) {
    var named = new TreeMap<>(System.getenv());
    named.put("PGRUNBOOK_PG_BIN", folder.toString());
    var tools = Tools.find(named, Optional.empty(), shared.processes);
    var others = new Shared(shared.processes, shared.connector, tools, shared.clusters, shared.log);
    return new TestWorld(project, database, around, held, masking, others);
  }

  private TestWorld with(Around other) {
    return new TestWorld(project, database, other, held, masking, shared);
  }

  /** The same world in which earlier steps left that. */
  public TestWorld holding(Claim... claims) {
    return new TestWorld(project, database, around, List.of(claims), masking, shared);
  }

  /** The same world with secrets to hide. */
  public TestWorld with(Masking other) {
    return new TestWorld(project, database, around, held, other, shared);
  }

  public Path project() {
    return project;
  }

  public Path backups() {
    return project.resolve("backups");
  }

  public PostgresServer server() {
    return PostgresServer.shared();
  }

  /** The cluster as the program itself, not a step, would use it. */
  public Cluster cluster() {
    return cluster(PROGRAM);
  }

  public Processes processes() {
    return shared.processes;
  }

  /** What steps have said, oldest first. */
  public List<String> log() {
    return List.copyOf(shared.log);
  }

  /** A look as the planner gives it: no run yet. */
  public Look planning(String step) {
    return look(new RunTag(Optional.empty(), new StepPath(step)));
  }

  /** A look as the engine gives it before and after an attempt. */
  public Look look(String step) {
    return look(new RunTag(Optional.of(RUN), new StepPath(step)));
  }

  private Look look(RunTag tag) {
    return world().look(tag, held, Map.of(), Progress.NONE);
  }

  public Act act(String step) {
    return act(step, Deadline.none());
  }

  public Act act(String step, Deadline deadline) {
    return act(RUN, step, Map.of(), deadline);
  }

  /**
   * An act of any run.
   *
   * @param foreseen what the step's preview was certain of
   */
  public Act act(String run, String step, Map<String, String> foreseen, Deadline deadline) {
    var tag = new RunTag(Optional.of(run), new StepPath(step));
    return world().act(tag, held, foreseen, Progress.NONE, shared.log::add, deadline);
  }

  /** What a step's <code>with</code> is bound to; a problem in it fails the test. */
  public <I extends Record> I input(Action<I, ?, ?> action, String yaml) {
    return input(action, yaml, Scope.none());
  }

  /** The same with names that its expressions may use. */
  public <I extends Record> I input(Action<I, ?, ?> action, String yaml, Scope scope) {
    var problems = new Problems();
    var bound =
        Yaml.read(yaml, "test.yaml", problems)
            .flatMap(node -> Binder.bind(node, action.kind().input(), scope, problems));
    return bound
        .filter(_ -> problems.isEmpty())
        .orElseThrow(() -> new AssertionError(problems.list()));
  }

  /** A record as a later process reads it from the journal. */
  @SuppressWarnings("unchecked")
  public static <R extends Record> R journaled(R written) {
    return (R) Records.fromJson(Records.toJson(written), written.getClass());
  }

  /** The names that the undo of a step with that intent may use. */
  public static Scope undoing(Record intent) {
    var json = Records.toJson(intent);
    return path -> {
      var value = json.path(path.getLast());
      if (!path.subList(0, 2).equals(List.of("step", "intent")) || value.isMissingNode()) {
        return new Scope.Found.Unknown(String.join(".", path), Optional.empty());
      }
      if (value.isArray()) {
        return new Scope.Found.Is(value.valueStream().<Object>map(JsonNode::asText).toList());
      }
      return new Scope.Found.Is(value.isBoolean() ? value.asBoolean() : value.asText());
    };
  }

  public World world() {
    return new World(
        target(),
        this::cluster,
        around.services,
        around.maintenance,
        around.compose,
        around.neighbours,
        application -> new ClientPrograms(shared.tools, shared.connector, () -> application),
        new PgRestoreArchives(shared.tools, shared.processes),
        shared.processes,
        masking);
  }

  public Target target() {
    var migrations = MigrationSettings.in(project);
    return new Target(
        "test",
        database,
        false,
        project,
        backups(),
        new MigrationSettings(
            migrations.dir(), migrations.shown(), migrations.table(), around.schema),
        Optional.empty());
  }

  private Cluster cluster(String application) {
    return shared.clusters.computeIfAbsent(
        application, name -> new PlainCluster(shared.connector, () -> name));
  }

  /** How the test cluster is reached. */
  public Connector connector() {
    return shared.connector;
  }

  /** The client programs of this machine. */
  public Tools tools() {
    return shared.tools;
  }

  /** Closes every connection. */
  @Override
  public void close() {
    shared.clusters.values().forEach(PlainCluster::close);
    shared.clusters.clear();
  }
}
