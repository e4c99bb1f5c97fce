package pgrunbook.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Elsewhere;
import pgrunbook.action.Neighbours;
import pgrunbook.action.Target;
import pgrunbook.environment.Environment;
import pgrunbook.postgres.ClusterView;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.text.Problems;

/** The project's other environments, each reached when a step first looks at it. */
final class Surroundings implements Neighbours {
  private final Project project;
  private final Map<String, Neighbour> known = new LinkedHashMap<>();

  Surroundings(Project project) {
    this.project = project;
  }

  @Override
  public synchronized Optional<Elsewhere> find(String environment) {
    return Optional.of(known.computeIfAbsent(environment, this::read));
  }

  @Override
  public Map<String, List<String>> rehearsed(String action, String output) {
    return new RehearsalRecords(project.rehearsals()).outputs(action, output);
  }

  private Neighbour read(String name) {
    var problems = new Problems();
    var read = project.environment(name, problems);
    problems.throwIfAny();
    return new Neighbour(read.orElseThrow(), project);
  }

  @Override
  public synchronized void close() {
    known.values().forEach(Neighbour::close);
  }

  /** One of them. */
  private static final class Neighbour implements Elsewhere {
    private final Environment environment;
    private final Project project;
    private Optional<PlainCluster> reached = Optional.empty();

    Neighbour(Environment environment, Project project) {
      this.environment = environment;
      this.project = project;
    }

    @Override
    public Target target() {
      return Prepared.target(project, environment);
    }

    @Override
    public synchronized ClusterView cluster() {
      if (reached.isEmpty()) {
        var reach = Reach.of(environment, Reach.compose(environment, project));
        reached = Optional.of(new PlainCluster(reach.connections(), () -> "pgrunbook"));
      }
      return reached.get();
    }

    synchronized void close() {
      reached.ifPresent(PlainCluster::close);
    }
  }
}
