package pgrunbook.starter;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder that backups lie in, relative to the project's: one that PostgreSQL's container sees.
 *
 * @param template as an environment file says it
 * @param usual where it is as long as nobody sets a variable
 */
record BackupFolder(String template, String usual) {
  /** As Compose reads it, too. */
  private static final String HOME = "~/";

  private static final BackupFolder OWN = new BackupFolder("backups", "backups");

  static BackupFolder of(Service postgres, Path folder, Path home) {
    return postgres.mounts().stream()
        .filter(Service.Mount::isFolder)
        .filter(it -> isForBackups(it.target()) || isForBackups(it.source()))
        .filter(it -> !it.target().contains("initdb"))
        .flatMap(it -> Form.parse(it.source()).stream())
        .flatMap(it -> of(it, folder, home).stream())
        .findFirst()
        .orElse(OWN);
  }

  private static boolean isForBackups(String path) {
    var name = path.toLowerCase(Locale.ROOT);
    return Stream.of("backup", "dump").anyMatch(name::contains);
  }

  /** Nothing where it is a home directory by way of a variable: a template can't say that. */
  private static Optional<BackupFolder> of(Form source, Path folder, Path home) {
    var written = source.value(Map.of());
    if (!source.hasVariables() && written.startsWith(HOME)) {
      var rest = written.substring(1);
      return Optional.of(
          new BackupFolder(
              "${env.HOME}" + rest.replace("${", "$${"), System.getProperty("user.home") + rest));
    }
    if (written.startsWith(HOME)) {
      return Optional.empty();
    }
    var usual = Connection.relative(folder, home, written);
    if (!source.hasVariables()) {
      return Optional.of(new BackupFolder(usual.replace("${", "$${"), usual));
    }
    var beside = home.toString().isEmpty() || written.isEmpty() || written.startsWith("/");
    return Optional.of(new BackupFolder((beside ? "" : home + "/") + source.template(), usual));
  }
}
