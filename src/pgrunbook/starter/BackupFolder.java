package pgrunbook.starter;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The folder that backups lie in, relative to the project's: one that PostgreSQL's container sees.
 *
 * @param template as an environment file says it
 * @param usual where it is as long as nobody sets a variable
 */
record BackupFolder(String template, String usual) {
  private static final BackupFolder OWN = new BackupFolder("backups", "backups");

  static BackupFolder of(Service postgres, Path folder, Path home) {
    return postgres.mounts().stream()
        .filter(Service.Mount::isFolder)
        .filter(it -> isForBackups(it.target()) || isForBackups(it.source()))
        .filter(it -> !it.target().contains("initdb"))
        .flatMap(it -> Form.parse(it.source()).stream())
        .map(it -> of(it, folder, home))
        .findFirst()
        .orElse(OWN);
  }

  private static boolean isForBackups(String path) {
    var name = path.toLowerCase(Locale.ROOT);
    return Stream.of("backup", "dump").anyMatch(name::contains);
  }

  private static BackupFolder of(Form source, Path folder, Path home) {
    var usual = Connection.relative(folder, home, source.value(Map.of()));
    if (!source.hasVariables()) {
      return new BackupFolder(usual.replace("${", "$${"), usual);
    }
    var prefix = home.toString().isEmpty() ? "" : home + "/";
    return new BackupFolder(prefix + source.template(), usual);
  }
}
