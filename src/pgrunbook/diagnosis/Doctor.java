package pgrunbook.diagnosis;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import pgrunbook.compose.ComposeProject;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.engine.RunFolder;
import pgrunbook.environment.Environment;
import pgrunbook.environment.Environments;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.ServerFacts;
import pgrunbook.text.Masking;

/**
 * Looks at everything that an environment depends on, one thing after the other, and changes
 * nothing. What depends on something that is not there is not looked at, and is said to be unknown.
 */
public final class Doctor {
  private static final Duration PATIENCE = Duration.ofSeconds(12);
  private static final String NO_ANSWER = "no answer within " + PATIENCE.toSeconds() + " s";

  private final Path project;
  private final Map<String, String> variables;
  private final Wiring wiring;
  private final Limits limits;

  /**
   * A doctor for the environments of a project.
   *
   * @param variables of this process, which win over those of .env
   */
  public Doctor(Path project, Map<String, String> variables, Wiring wiring) {
    this(project, variables, wiring, Limits.USUAL);
  }

  Doctor(Path project, Map<String, String> variables, Wiring wiring, Limits limits) {
    this.project = project;
    this.variables = Map.copyOf(variables);
    this.wiring = wiring;
    this.limits = limits;
  }

  /** Looks at one environment; takes half a minute at most where nothing answers. */
  public Diagnosis examine(String name) {
    var sections = new ArrayList<Section>();
    var read = new EnvironmentFiles(project, name, variables).look();
    sections.add(new Section("configuration", read.findings()));
    if (read.found().isPresent()) {
      examine(read.found().get(), sections);
    } else {
      sections.add(unknown("everything else", "the environment can't be read"));
    }
    sections.add(new Section("runs", runs(name)));
    sections.removeIf(section -> section.findings().isEmpty());
    return new Diagnosis(name, sections);
  }

  /** A run begins with its journal: without a folder for that, it does not begin. */
  private List<Finding> runs(String name) {
    var folder = new Folder(RunFolder.runs(project), "runs are journaled", Masking.NONE);
    var findings = new ArrayList<Finding>();
    findings.add(folder.writable());
    findings.add(folder.room(0, ""));
    findings.removeIf(Fine.class::isInstance);
    findings.addAll(wiring.runs().findings(name));
    return findings;
  }

  private void examine(Environment environment, List<Section> sections) {
    var patient = new Patient(environment, project, wiring, Optional.empty());
    var around = wiring.around(environment);
    var findings = new ArrayList<Finding>();
    var compose = compose(patient, findings);
    findings.addAll(
        within("services with commands", new CommandedServices(patient, around.commanded())::look));
    findings.addAll(
        within("maintenance mode", new MaintenanceMode(patient, around.maintenance())::look));
    sections.add(new Section("services", findings));
    var reachable = environment.compose().isEmpty() || compose.isPresent();
    var seen = compose.map(patient::with).orElse(patient);
    var bytes = reachable ? server(seen, sections) : Optional.<Long>empty();
    if (!reachable) {
      sections.add(unknown("server", "Docker can't be used"));
    }
    sections.add(
        new Section("backups", within("the backups' folder", new BackupFolder(seen, bytes)::look)));
  }

  /** A command, or a folder of a server that is gone, must not keep the rest from being said. */
  private static List<Finding> within(String what, Callable<List<Finding>> look) {
    try {
      return Within.run(PATIENCE, look);
    } catch (TimeoutException _) {
      return List.of(new CouldNotCheck(what, NO_ANSWER));
    }
  }

  private static Section unknown(String what, String why) {
    return new Section(what, List.of(new CouldNotCheck(what, why)));
  }

  private static Optional<ComposeProject> compose(Patient patient, List<Finding> findings) {
    if (patient.environment().compose().isEmpty()) {
      return Optional.empty();
    }
    var opened = new ContainerStates(patient).open();
    findings.addAll(opened.findings());
    opened
        .found()
        .ifPresent(project ->
            findings.addAll(new ContainerStates(patient.with(project)).services(project)));
    return opened.found();
  }

  /** Returns how much the database holds, where that could be found out. */
  private Optional<Long> server(Patient patient, List<Section> sections) {
    var findings = new ArrayList<Finding>();
    var unknown = new CouldNotCheck("the databases, and what goes on in them", "nobody gets in");
    var way = way(patient, findings);
    if (way.isEmpty()) {
      findings.add(unknown);
      sections.add(new Section("server", findings));
      return Optional.empty();
    }
    var road = wiring.road(patient.environment(), patient.compose());
    try (var cluster = new PlainCluster(road.connections(), () -> "pgrunbook")) {
      var let = new Entrance(patient, cluster).look();
      findings.addAll(let.findings());
      let.found()
          .ifPresentOrElse(
              facts -> findings.addAll(others(road, facts, way.get())),
              () -> findings.add(unknown));
      sections.add(new Section("server", findings));
      return let.found().flatMap(facts -> inside(patient, road, cluster, facts, sections));
    }
  }

  /**
   * Whether there is somebody at the other end; the section about services has a stopped one.
   *
   * @return nothing where there is nobody; else the addresses at which there is, none in a
   *     container
   */
  private static Optional<List<InetAddress>> way(Patient patient, List<Finding> findings) {
    if (patient.compose().isPresent()) {
      return new ContainerStates(patient).isServerThere(patient.compose().get())
          ? Optional.of(List.of())
          : Optional.empty();
    }
    var database = patient.environment().database();
    var port = new PortProbe(database.host(), database.port()).look();
    findings.addAll(port.findings());
    return port.found();
  }

  private static List<Finding> others(
      Wiring.Road road, ServerFacts facts, List<InetAddress> answering) {
    return new SameServer(road.connections().connector(), facts)
        .look(answering.stream().skip(1).toList());
  }

  private Optional<Long> inside(
      Patient patient,
      Wiring.Road road,
      PlainCluster cluster,
      ServerFacts server,
      List<Section> sections) {
    var limited =
        List.<Check>of(new Clock(limits), new Capacity(patient, limits), new ServerDisk(patient));
    sections.add(new Section("machine", new Checks(patient, cluster, "postgres", limited).look()));
    var facts = database(patient, cluster, server, sections);
    var activity =
        List.<Check>of(
            new Blockers(patient, limits),
            new PreparedTransactions(patient, limits),
            new ReplicationSlots(patient, limits));
    sections.add(
        new Section("activity", new Checks(patient, cluster, "postgres", activity).look()));
    sections.add(new Section("programs", new ProgramVersions(road, server.major()).look()));
    return facts.flatMap(DatabaseFacts::bytes);
  }

  /** Of other environments nothing is said but that: each has a diagnosis of its own. */
  private static List<Finding> twins(Patient patient, ServerFacts server, DatabaseFacts database) {
    if (patient.environment().isProtected()) {
      return List.of();
    }
    var identity = new SameDatabase.Identity(server.systemIdentifier(), database.oid());
    try (var neighbours = patient.wiring().neighbours()) {
      return new SameDatabase(neighbours, Environments.list(patient.project()))
          .look(patient.environment().name(), identity).stream()
              .filter(Trouble.class::isInstance)
              .toList();
    }
  }

  private static Optional<DatabaseFacts> database(
      Patient patient, PlainCluster cluster, ServerFacts server, List<Section> sections) {
    var name = patient.database();
    var checks =
        new Checks(
            patient,
            cluster,
            name,
            List.of(new Extensions(patient, server.major()), new InvalidIndexes(patient)));
    try {
      var entry = Within.run(PATIENCE, new DatabaseEntry(patient, cluster, server)::look);
      var findings = new ArrayList<>(entry.findings());
      findings.addAll(
          entry.found().isPresent()
              ? checks.look()
              : checks.unknown("nobody gets into database '" + name + "'"));
      if (entry.found().isPresent()) {
        findings.addAll(new MigrationSteps(patient, cluster).look());
        findings.addAll(twins(patient, server, entry.found().get()));
      }
      sections.add(new Section("database", findings));
      return entry.found();
    } catch (PostgresException e) {
      sections.add(unknown("database", e.problem().what()));
      return Optional.empty();
    } catch (TimeoutException _) {
      sections.add(unknown("database", NO_ANSWER));
      return Optional.empty();
    }
  }
}
