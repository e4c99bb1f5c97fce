package pgrunbook.environment;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.expression.Scope;
import pgrunbook.text.Closest;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.yaml.Binder;
import pgrunbook.yaml.Yaml;
import pgrunbook.yaml.YamlFolder;
import pgrunbook.yaml.YamlNode;

/** Reads the files in <code>runbooks/environments</code>. */
public final class Environments {
  private static final String FOLDER = "runbooks/environments";
  private static final String ENV_FILE = ".env";

  private Environments() {}

  /** The environment of that name, or nothing where there are problems. */
  public static Optional<Environment> read(
      Path project, String name, Map<String, String> processEnv, Problems problems) {
    var known = list(project);
    if (!known.contains(name)) {
      problems.add(unknown(name, known));
      return Optional.empty();
    }
    var shown = FOLDER + "/" + name + ".yaml";
    var file = project.resolve(shown);
    return read(file, shown, project, Optional.of(name), processEnv, problems);
  }

  /** What to say of a name that no environment has. */
  public static Problem unknown(String name, List<String> known) {
    return Problem.of(
        "unknown environment '" + name + "'",
        known.isEmpty()
            ? "there is none in " + FOLDER + "; write " + FOLDER + "/" + name + ".yaml"
            : Closest.hint(name, known));
  }

  /** The environment in a file that may lie anywhere, such as the copy in a run's folder. */
  public static Optional<Environment> readFile(
      Path file, Path project, Map<String, String> processEnv, Problems problems) {
    var shown = YamlFolder.shown(project, file);
    return read(file, shown, project, Optional.empty(), processEnv, problems);
  }

  /** The names of a project's environments, sorted. */
  public static List<String> list(Path project) {
    return YamlFolder.names(project.resolve(FOLDER));
  }

  private static void checkName(YamlNode.Mapping mapping, String name, Problems problems) {
    if (mapping.get("name").orElse(null) instanceof YamlNode.Scalar scalar
        && !scalar.isNull()
        && !scalar.text().equals(name)) {
      problems.add(
          scalar.place(),
          "the name is '" + scalar.text() + "', but the file's is '" + name + "'",
          "both have to be the same");
    }
  }

  private static Optional<Environment> read(
      Path file,
      String shown,
      Path project,
      Optional<String> expectedName,
      Map<String, String> processEnv,
      Problems problems) {
    var found = new Problems();
    var root = Yaml.read(file, shown, found);
    expectedName.ifPresent(name -> root.ifPresent(mapping -> checkName(mapping, name, found)));
    root.ifPresent(mapping -> checkSecrets(mapping, found));
    var envFile = root.map(Environments::envFile).orElse(ENV_FILE);
    var env = DotEnv.read(project.resolve(envFile), envFile, processEnv, found);
    var bound =
        root.flatMap(mapping -> Binder.bind(mapping, EnvironmentFile.class, scope(env), found));
    problems.addAll(found.inOrder());
    return bound.filter(_ -> found.isEmpty()).map(parsed -> resolved(parsed, file, project, env));
  }

  /** Read before anything is bound, because the rest may use what is in it. */
  private static String envFile(YamlNode.Mapping root) {
    return root.get("env_file").orElse(null) instanceof YamlNode.Scalar scalar
            && !scalar.text().contains("${")
            && !scalar.isNull()
        ? scalar.text()
        : ENV_FILE;
  }

  private static Scope scope(Map<String, String> env) {
    return path -> {
      if (path.size() != 2 || !path.getFirst().equals("env")) {
        return new Scope.Found.Unknown(
            "unknown name '" + String.join(".", path) + "'",
            Optional.of("an environment can use ${env.…} only"));
      }
      return Optional.ofNullable(env.get(path.getLast()))
          .<Scope.Found>map(Scope.Found.Is::new)
          .orElseGet(Scope.Found.Absent::new);
    };
  }

  /** They are names: an expression would put the secret where its name belongs. */
  private static void checkSecrets(YamlNode.Mapping mapping, Problems problems) {
    if (mapping.get("secrets").orElse(null) instanceof YamlNode.Sequence names) {
      for (var item : names.items()) {
        if (item instanceof YamlNode.Scalar name
            && !name.text().matches("[A-Za-z_][A-Za-z0-9_]*")) {
          problems.add(
              name.place(),
              "'secrets' lists the names of variables, found something else",
              "write NAME, not ${env.NAME}");
        }
      }
    }
  }

  private static Environment resolved(
      EnvironmentFile read, Path file, Path project, Map<String, String> env) {
    var root = project.toAbsolutePath().normalize();
    return new Environment(
        read.name(),
        file,
        root.resolve(read.envFile()).normalize(),
        read.isProtected(),
        read.database(),
        read.compose(),
        read.services(),
        new Backups(root.resolve(read.backups().dir()).normalize(), read.backups().inContainer()),
        new MigrationSettings(
            root.resolve(read.migrations().dir()).normalize(),
            read.migrations().dir(),
            read.migrations().table(),
            read.migrations().schema()),
        read.maintenance().map(part -> maintenance(part, root)),
        read.systemIdentifier(),
        read.secrets(),
        env);
  }

  private static Maintenance maintenance(EnvironmentFile.MaintenancePart part, Path root) {
    return part.flagFile()
        .<Maintenance>map(flag -> new Maintenance.FlagFile(root.resolve(flag).normalize()))
        .orElseGet(() ->
            new Maintenance.Commands(
                part.on().orElseThrow(), part.off().orElseThrow(), part.check().orElseThrow()));
  }
}
