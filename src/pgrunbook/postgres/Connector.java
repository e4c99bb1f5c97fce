package pgrunbook.postgres;

import java.util.Optional;
import pgrunbook.text.Secret;

/**
 * Where a cluster listens, and who to be there.
 *
 * @param password empty means what libpq does without one: PGPASSFILE, ~/.pgpass, or trust
 * @param sslmode one of libpq's words; empty means its default, prefer
 */
public record Connector(
    String host, int port, String user, Optional<Secret> password, Optional<String> sslmode) {
  public Connector {
    if (host.isBlank() || user.isBlank() || port < 1 || port > 65535) {
      throw new IllegalArgumentException("a connector needs a host, a port and a user");
    }
  }

  @Override
  public String toString() {
    return user + "@" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
