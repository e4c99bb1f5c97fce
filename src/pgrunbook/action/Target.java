package pgrunbook.action;

import java.nio.file.Path;
import java.util.Optional;
import pgrunbook.environment.MigrationSettings;

/**
 * What a runbook acts on, as its environment says.
 *
 * @param environment the environment's name
 * @param database the production name of the database
 * @param project the project folder; relative paths start there
 * @param backups the folder where backups are written and looked for
 * @param migrations where the migrations lie, and where the database remembers them
 * @param systemIdentifier the only cluster that is accepted, where the environment names one
 */
public record Target(
    String environment,
    String database,
    boolean isProtected,
    Path project,
    Path backups,
    MigrationSettings migrations,
    Optional<String> systemIdentifier) {}
