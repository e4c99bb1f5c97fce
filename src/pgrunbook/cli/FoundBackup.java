package pgrunbook.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import pgrunbook.actions.LatestBackup;
import pgrunbook.backup.BackupFolder;
import pgrunbook.backup.StoredBackup;
import pgrunbook.environment.Environment;
import pgrunbook.environment.Environments;
import pgrunbook.text.Closest;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

/**
 * A backup that somebody named.
 *
 * @param environment that it is of, or is taken to be of
 */
record FoundBackup(Path path, String environment) {

  /**
   * Looks from here, from the project folder and in the backups folders.
   *
   * @throws InvalidInput where there is none
   */
  static FoundBackup find(Project project, String written, Optional<String> environment)
      throws IOException {
    var environments = environments(project, environment);
    var places = new ArrayList<Path>();
    places.add(Path.of(written).toAbsolutePath().normalize());
    places.add(project.resolve(Path.of(written)));
    environments.forEach(each -> places.add(each.backups().dir().resolve(written).normalize()));
    for (var place : places) {
      if (Files.exists(place)) {
        return new FoundBackup(place, environment.orElseGet(() -> of(place, environments)));
      }
    }
    var names = new TreeSet<String>();
    for (var each : environments) {
      names.addAll(new BackupFolder(each.backups().dir()).names());
    }
    throw new InvalidInput(
        Problem.of("there is no backup '" + written + "'", hint(written, names, environments)));
  }

  /** The one that a restore of an environment means by <code>latest</code>. */
  static Path latest(Project project, String environment) throws IOException {
    var problems = new Problems();
    var read = project.environment(environment, problems);
    problems.throwIfAny();
    var folder = read.orElseThrow().backups().dir();
    return LatestBackup.newest(folder, environment)
        .map(StoredBackup::path)
        .orElseThrow(() ->
            new InvalidInput(
                Problem.of(
                    "there is no backup of " + environment + " in " + folder,
                    "name a file, or take one")));
  }

  private static String hint(String written, Set<String> names, List<Environment> environments) {
    return names.isEmpty()
        ? "there are no backups in "
            + environments.stream()
                .map(each -> each.backups().dir().toString())
                .distinct()
                .collect(Collectors.joining(", "))
        : Closest.to(written, names)
            .map(near -> "did you mean '" + near + "'?")
            .orElse("'" + Called.by("backups") + "' lists what there is");
  }

  private static List<Environment> environments(Project project, Optional<String> only) {
    var problems = new Problems();
    var found =
        only.map(List::of).orElse(Environments.list(project.folder())).stream()
            .flatMap(name -> project.environment(name, problems).stream())
            .toList();
    if (only.isPresent()) {
      problems.throwIfAny();
    }
    return found;
  }

  private static String of(Path backup, List<Environment> environments) {
    var known = environments.stream().map(Environment::name).toList();
    return stored(backup)
        .flatMap(StoredBackup::environment)
        .filter(known::contains)
        .or(() -> known.stream().findFirst())
        .orElse("backup");
  }

  private static Optional<StoredBackup> stored(Path backup) {
    try {
      var folder = backup.getParent();
      return folder == null
          ? Optional.empty()
          : new BackupFolder(folder)
              .backups().stream().filter(it -> it.path().equals(backup)).findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
