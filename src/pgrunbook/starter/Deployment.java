package pgrunbook.starter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the application runs, as its Compose files say it.
 *
 * @param environment its name here
 * @param files the Compose files, each laid over those before it
 * @param application the services that use the database
 * @param usualEnvFile whether there is a <code>.env</code> that Compose reads by itself
 * @param project its Compose project, where that is not the one that Compose would take
 */
record Deployment(
    String environment,
    List<String> files,
    ComposeModel model,
    Service postgres,
    List<String> application,
    Connection connection,
    BackupFolder backups,
    boolean usualEnvFile,
    Optional<Project> project) {
  /** A name for a Compose project, and why it has that one. */
  record Project(String name, String why) {}

  Deployment {
    files = List.copyOf(files);
    application = List.copyOf(application);
  }

  /** Where Compose starts from: the folder of the first file, relative to the project's. */
  static Path home(List<String> files) {
    var parent = Path.of(files.getFirst()).getParent();
    return parent == null ? Path.of("") : parent;
  }

  static Deployment of(
      String environment, List<String> files, ComposeModel model, Service postgres, Path folder) {
    return new Deployment(
        environment,
        files,
        model,
        postgres,
        Application.of(model, postgres),
        Connection.of(postgres, folder, home(files)),
        BackupFolder.of(postgres, folder, home(files)),
        Files.exists(folder.resolve(home(files)).resolve(".env")),
        Optional.empty());
  }

  Deployment in(Project other) {
    return new Deployment(
        environment,
        files,
        model,
        postgres,
        application,
        connection,
        backups,
        usualEnvFile,
        Optional.of(other));
  }

  /** What is laid over the rest, and names the containers' origin. */
  String lastFile() {
    return files.getLast();
  }

  /** The project's name that Compose takes, without COMPOSE_PROJECT_NAME. */
  String usualProject(Path folder) {
    var name =
        model
            .name()
            .orElseGet(() -> String.valueOf(folder.resolve(home(files)).normalize().getFileName()));
    return name.toLowerCase(Locale.ROOT).replaceAll("[^-_a-z0-9]", "");
  }
}
