package pgrunbook.action;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a runbook acts on, as its environment says.
 *
 * @param environment the environment's name
 * @param database the production name of the database
 * @param project the project folder; relative paths start there
 * @param backups the folder where backups are written and looked for
 * @param systemIdentifier the only cluster that is accepted, where the environment names one
 */
public record Target(
    String environment,
    String database,
    boolean isProtected,
    Path project,
    Path backups,
    Optional<String> systemIdentifier) {}
