package pgrunbook.plan;

import java.util.Optional;

/**
 * What the plan found at the other end: which cluster, which database.
 *
 * @param server where it listens and its version, for people
 * @param backups the folder where backups are written and looked for
 * @param oid of the database that has the production name; empty where there is none
 * @param size of that database in bytes, where the role may see it
 */
public record TargetFacts(
    String environment,
    String database,
    boolean isProtected,
    String server,
    String systemIdentifier,
    String user,
    String backups,
    Optional<Long> oid,
    Optional<Long> size) {}
