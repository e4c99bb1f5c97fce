package pgrunbook.migration;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.internal.sqlscript.FlywaySqlScriptException;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.postgresql.util.PSQLException;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.text.Place;

/** Flyway, set up to apply exactly the given files; its classes are loaded with this one. */
final class FlywayRun {
  private final MigrationSettings settings;
  private final Migrations files;
  private final Consumer<String> log;

  FlywayRun(MigrationSettings settings, Migrations files, Consumer<String> log) {
    this.settings = settings;
    this.files = files;
    this.log = log;
  }

  List<Migrator.Applied> apply(DataSource connections, Optional<Version> target)
      throws InterruptedException {
    try {
      var result = flyway(connections, target).migrate();
      return result.migrations.stream()
          .map(it ->
              new Migrator.Applied(
                  files.find(Version.of(it.version)).orElseThrow(), it.executionTime))
          .toList();
    } catch (FlywayException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("cancelled");
      }
      throw failed(e);
    }
  }

  private Flyway flyway(DataSource connections, Optional<Version> target) {
    var configuration =
        Flyway.configure()
            .loggers(QuietLogs.class.getName())
            .dataSource(connections)
            .table(settings.table())
            .resourceProvider(new FlywayFiles(files))
            .locations("filesystem:" + files.folder())
            .encoding(StandardCharsets.UTF_8)
            .createSchemas(false)
            .validateMigrationNaming(false) // the folder was checked by MigrationFolder
            .failOnMissingLocations(false)
            .skipDefaultCallbacks(true) // what runs is what a plan shows: V files, nothing else
            .callbacks(new FlywayProgress(log))
            .placeholderReplacement(false);
    settings.schema().ifPresent(configuration::defaultSchema);
    target.ifPresent(it -> configuration.target(MigrationVersion.fromVersion(it.toString())));
    // With its usual lock, which is a transaction, CREATE INDEX CONCURRENTLY waits for ever.
    configuration
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return configuration.load();
  }

  private MigrationFailed failed(FlywayException e) {
    var script = cause(e, FlywaySqlScriptException.class);
    var sql = cause(e, SQLException.class);
    var place = script.map(this::place).orElse(Place.NONE);
    var statement = script.map(FlywaySqlScriptException::getStatement).orElse("");
    var state = sql.map(SQLException::getSQLState).orElse("");
    var what = sql.map(FlywayRun::words).orElseGet(() -> reason(e));
    return new MigrationFailed(place, what, statement, state, e);
  }

  private Place place(FlywaySqlScriptException e) {
    var script = Optional.ofNullable(e.getResource()).map(it -> it.getFilename()).orElse("");
    return new Place(files.shown() + "/" + script, e.getLineNumber(), 1);
  }

  private static String words(SQLException e) {
    var server = e instanceof PSQLException it ? it.getServerErrorMessage() : null;
    var said =
        server == null || server.getMessage() == null
            ? firstLine(e)
            : server.getMessage()
                + Optional.ofNullable(server.getDetail()).map(it -> ": " + it).orElse("");
    var code = e.getSQLState() == null ? "" : " (SQLSTATE " + e.getSQLState() + ")";
    return said.replaceFirst("\\.$", "") + code;
  }

  /** Of what Flyway finds invalid, the first one; its first line only says that there is one. */
  private static String reason(FlywayException e) {
    var changed = cause(e, SqlFile.Changed.class).map(Throwable::getMessage);
    return changed.orElseGet(() -> "flyway: " + said(e));
  }

  private static String said(FlywayException e) {
    return e instanceof FlywayValidateException
        ? String.valueOf(e.getMessage())
            .lines()
            .map(String::strip)
            .filter(it -> !it.isEmpty())
            .skip(1)
            .limit(3)
            .collect(Collectors.joining(" "))
        : firstLine(e);
  }

  private static String firstLine(Exception e) {
    var message = Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    return message.lines().filter(it -> !it.isBlank()).findFirst().orElse(message);
  }

  private static <T extends Throwable> Optional<T> cause(Throwable e, Class<T> type) {
    return Stream.iterate(e, it -> it != null, Throwable::getCause)
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst();
  }
}
