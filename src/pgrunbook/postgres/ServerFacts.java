package pgrunbook.postgres;

/**
 * What a server says about itself and about the role that asks.
 *
 * @param versionNumber as in server_version_num, 150018 for 15.18
 * @param version as in server_version
 * @param systemIdentifier from pg_control_system(): the same for a cluster and its replicas only
 * @param createDatabase whether the role may create databases (a superuser may)
 */
public record ServerFacts(
    int versionNumber,
    String version,
    String systemIdentifier,
    String user,
    boolean superuser,
    boolean createDatabase,
    boolean inRecovery) {
  public int major() {
    return versionNumber / 10_000;
  }
}
