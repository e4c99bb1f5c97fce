package pgrunbook.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Optional;
import pgrunbook.environment.Environment;
import pgrunbook.environment.Environments;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.text.Closest;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.text.Refused;

/** Where the statements of a new migration come from. */
sealed interface MigrationSource {
  /** A person writes them; only the folder matters. */
  record Manual(MigrationSettings settings) implements MigrationSource {}

  /** A database that was changed live. */
  record Live(Environment environment) implements MigrationSource {}

  /** A schema file; the environment's server has room for the scratch databases. */
  record File(Environment environment, SchemaFile schema) implements MigrationSource {}

  /**
   * What the options say.
   *
   * @throws InvalidInput where they do not go together
   * @throws Refused where the environment is a protected one
   */
  static MigrationSource of(Project project, Optional<String> from, Optional<String> env) {
    if (from.isEmpty()) {
      return new Manual(
          env.map(name -> environment(project, name).migrations())
              .orElseGet(() -> shared(project)));
    }
    var name = from.get();
    if (Environments.list(project.folder()).contains(name)) {
      if (env.filter(it -> !it.equals(name)).isPresent()) {
        throw new InvalidInput(
            Problem.of(
                "--from " + name + " and --env " + env.get() + " name two environments",
                "--env goes with a schema file: where it is compared"));
      }
      return new Live(unprotected(environment(project, name)));
    }
    var file = Path.of("").toAbsolutePath().resolve(name);
    if (name.endsWith(".sql") || Files.isRegularFile(file)) {
      var where = env.orElse("dev");
      var schema =
          SchemaFile.read(Files.exists(file) ? file : project.resolve(Path.of(name)), name);
      return new File(unprotected(environment(project, where)), schema);
    }
    throw new InvalidInput(
        Problem.of(
            "--from " + name + " is neither an environment nor a file that ends with .sql",
            Closest.hint(name, Environments.list(project.folder()))));
  }

  private static Environment environment(Project project, String name) {
    var problems = new Problems();
    var environment = project.environment(name, problems);
    return environment.orElseThrow(() -> new InvalidInput(problems.inOrder()));
  }

  private static Environment unprotected(Environment environment) {
    if (environment.isProtected()) {
      throw new Refused(
          "environment " + environment.name() + " is protected: no scratch databases on its server",
          "make the change in a development environment, and take the difference there");
    }
    return environment;
  }

  /** The folder that all environments share, which need no connection for that. */
  private static MigrationSettings shared(Project project) {
    var found = new LinkedHashSet<Path>();
    var settings = new ArrayList<MigrationSettings>();
    for (var name : Environments.list(project.folder())) {
      project
          .environment(name, new Problems())
          .map(Environment::migrations)
          .filter(it -> found.add(it.dir()))
          .ifPresent(settings::add);
    }
    if (settings.size() > 1) {
      throw new InvalidInput(
          Problem.of(
              "the environments have several folders of migrations: " + found,
              "say which: --env E"));
    }
    return settings.isEmpty() ? MigrationSettings.in(project.folder()) : settings.getFirst();
  }
}
