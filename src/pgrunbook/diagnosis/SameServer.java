package pgrunbook.diagnosis;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.ServerFacts;

/**
 * Whether all addresses of a name lead to one cluster. A server that can't have 127.0.0.1, because
 * a container has it, is content with ::1; and psql goes to another one of them than this program.
 */
record SameServer(Connector connector, ServerFacts server) {
  private static final Duration PATIENCE = Duration.ofSeconds(12);

  /** A finding for each other address that is not known to be the same. */
  List<Finding> look(List<InetAddress> others) {
    return others.stream().flatMap(it -> look(it).stream()).toList();
  }

  private List<Finding> look(InetAddress address) {
    var at = PortProbe.shown(address);
    try (var cluster = new PlainCluster(to(address), () -> "pgrunbook")) {
      var other = Within.run(PATIENCE, cluster::server);
      return other.systemIdentifier().equals(server.systemIdentifier())
          ? List.of()
          : List.of(
              new Trouble(
                  "%s is two clusters: this one, system identifier %s, and at %s PostgreSQL %s, %s"
                      .formatted(
                          connector.host(),
                          server.systemIdentifier(),
                          at,
                          other.version(),
                          other.systemIdentifier()),
                  "write the address of the one that is meant into database.host"));
    } catch (PostgresException e) {
      return List.of(unknown(at, e.problem().what()));
    } catch (TimeoutException _) {
      return List.of(unknown(at, "no answer within " + PATIENCE.toSeconds() + " s"));
    }
  }

  private Connector to(InetAddress address) {
    return new Connector(
        address.getHostAddress(),
        connector.port(),
        connector.user(),
        connector.password(),
        connector.sslmode());
  }

  private CouldNotCheck unknown(String at, String why) {
    return new CouldNotCheck(
        "whether %s is this server at %s, too".formatted(connector.host(), at), why);
  }
}
