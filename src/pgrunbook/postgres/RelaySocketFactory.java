package pgrunbook.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;

/**
 * Where pgjdbc gets its sockets when the road is a relay. The driver makes factories by itself,
 * from a class name and a text, so the relays have to be found by a text.
 */
public final class RelaySocketFactory extends SocketFactory {
  private static final Map<String, Relay> RELAYS = new ConcurrentHashMap<>();

  private final String key;

  /** The driver's way to make one; the text is one of {@link #keyOf}. */
  public RelaySocketFactory(String key) {
    this.key = key;
  }

  /** Under which text the driver will find that relay. */
  static String keyOf(Relay relay) {
    var key = UUID.randomUUID().toString();
    RELAYS.put(key, relay);
    return key;
  }

  /** The relay of that text. */
  static Optional<Relay> relay(String key) {
    return Optional.ofNullable(RELAYS.get(key));
  }

  @Override
  public Socket createSocket() throws IOException {
    var relay = RELAYS.get(key);
    if (relay == null) {
      throw new IOException("no relay is known as " + key);
    }
    return new RelaySocket(relay.open());
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return createSocket();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    return createSocket();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return createSocket();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    return createSocket();
  }
}
