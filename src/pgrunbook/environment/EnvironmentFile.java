package pgrunbook.environment;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.text.Place;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;
import pgrunbook.yaml.Key;

/** What an environment's YAML file says, before its paths are resolved. */
record EnvironmentFile(
    @Doc("name of the environment, the same as the file's") String name,
    @Doc("ask for the database's name before anything is destroyed or replaced")
        @Key("protected")
        @Default("false")
        boolean isProtected,
    @Doc("file of variables for ${env.…}; the process's environment wins") @Default(".env")
        String envFile,
    @Doc("the database, and how to reach its server") Database database,
    @Doc("Docker Compose, where the services run in it") Optional<ComposeSettings> compose,
    @Doc("commands for services that do not run in Docker Compose") @Default("{}")
        Map<String, ServiceCommands> services,
    @Doc("where backups lie") @Default("{}") BackupsPart backups,
    @Doc("where migrations lie, and their history") @Default("{}") MigrationsPart migrations,
    @Doc("how the site is put into maintenance") Optional<MaintenancePart> maintenance,
    @Doc("system identifier of the only cluster that may be touched")
        Optional<String> systemIdentifier,
    @Doc("names of variables whose values are never shown") @Default("[]") List<String> secrets,
    Place place) {
  EnvironmentFile {
    if (compose.isPresent() && !database.host().equals(Database.HERE)) {
      throw new IllegalArgumentException(
          "with 'compose' the server is the one in its container: leave out database.host");
    }
  }

  record BackupsPart(
      @Doc("folder of the backups, relative to the project folder") @Default("backups") String dir,
      @Doc("the same folder inside the container; default: what docker inspect says")
          Optional<String> inContainer) {}

  record MigrationsPart(
      @Doc("folder of the migrations, relative to the project folder")
          @Default(MigrationSettings.DIR)
          String dir,
      @Doc("Flyway's history table") @Default(MigrationSettings.TABLE) String table,
      @Doc("schema of that table and of what migrations create; default: the current one")
          Optional<String> schema) {
    MigrationsPart {
      if (table.isBlank() || schema.filter(String::isBlank).isPresent()) {
        throw new IllegalArgumentException("the history table and its schema need a name");
      }
    }
  }

  record MaintenancePart(
      @Doc("file whose existence means maintenance, relative to the project folder")
          Optional<String> flagFile,
      @Doc("command that puts the site into maintenance") Optional<List<String>> on,
      @Doc("command that ends maintenance") Optional<List<String>> off,
      @Doc("command that ends with 0 in maintenance, 3 otherwise") Optional<List<String>> check) {
    MaintenancePart {
      var commands = on.isPresent() || off.isPresent() || check.isPresent();
      if (flagFile.isPresent() == commands) {
        throw new IllegalArgumentException(
            "maintenance takes either 'flag_file' or the commands 'on', 'off' and 'check'");
      }
      if (commands && (on.isEmpty() || off.isEmpty() || check.isEmpty())) {
        throw new IllegalArgumentException(
            "maintenance by commands takes all three of 'on', 'off' and 'check'");
      }
      on.ifPresent(argv -> Argv.copyOf("on", argv));
      off.ifPresent(argv -> Argv.copyOf("off", argv));
      check.ifPresent(argv -> Argv.copyOf("check", argv));
    }
  }
}
