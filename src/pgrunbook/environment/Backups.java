package pgrunbook.environment;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where an environment's backups lie.
 *
 * @param dir absolute
 * @param inContainer the same folder as PostgreSQL's container sees it
 */
public record Backups(Path dir, Optional<String> inContainer) {}
