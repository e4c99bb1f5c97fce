package pgrunbook.cli;

import java.util.List;
import java.util.Optional;
import pgrunbook.environment.Environment;
import pgrunbook.environment.Environments;
import pgrunbook.migration.History;
import pgrunbook.migration.MigrationState;
import pgrunbook.migration.Migrations;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whose migrations somebody wants to look at. */
final class MigrationOptions {
  private static final String DEV = "dev";

  @Mixin private final ProjectOption project = new ProjectOption();

  @Option(
      names = "--env",
      paramLabel = "NAME",
      description = "environment; default: the only one, else dev")
  private Optional<String> environment = Optional.empty();

  Project project(Context context) {
    return project.find(context);
  }

  Environment environment(Project where) {
    var problems = new Problems();
    var read = where.environment(name(where), problems);
    problems.throwIfAny();
    return read.orElseThrow();
  }

  private String name(Project where) {
    if (environment.isPresent()) {
      return environment.get();
    }
    var known = Environments.list(where.folder());
    if (known.size() == 1) {
      return known.getFirst();
    }
    if (!known.contains(DEV)) {
      throw new InvalidInput(
          Problem.of("which environment?", "--env NAME; known: " + String.join(", ", known)));
    }
    return DEV;
  }

  /** What was seen of files and history, without any of Flyway. */
  record Seen(Environment environment, Migrations files, History history, MigrationState state) {
    List<Problem> problems() {
      var problems = new Problems();
      problems.addAll(files.problems());
      state.odd().forEach(it -> problems.add(it.problem()));
      return problems.list();
    }
  }

  Seen look(Project where) {
    var chosen = environment(where);
    try (var site = Site.open(chosen, where, List.of())) {
      return look(chosen, site);
    }
  }

  static Seen look(Environment environment, Site site) {
    var files = Migrations.read(environment.migrations());
    var history =
        History.read(site.cluster(), environment.database().name(), environment.migrations());
    return new Seen(environment, files, history, MigrationState.of(files, history));
  }
}
