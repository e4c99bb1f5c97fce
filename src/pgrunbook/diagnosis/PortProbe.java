package pgrunbook.diagnosis;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;

/**
 * Who is at a port: nobody, somebody who does not answer, something else, or PostgreSQL. It asks
 * whether there is TLS, as every client may do before anything else; PostgreSQL answers with one
 * letter (Frontend/Backend Protocol, SSL Session Encryption). A name may have several addresses:
 * this program goes to the first, so it is that one's answer that counts.
 */
record PortProbe(String host, int port) {
  private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(6).toMillis();
  private static final byte[] TLS_REQUEST = {0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f};

  /** The addresses of a name that PostgreSQL answers at, the first one first. */
  Looked<List<InetAddress>> look() {
    try {
      return look(List.of(InetAddress.getAllByName(host)));
    } catch (UnknownHostException _) {
      return Looked.nothing(
          new Trouble(
              "the name " + host + " is not known",
              "correct database.host, or see: getent hosts " + host));
    }
  }

  Looked<List<InetAddress>> look(List<InetAddress> addresses) {
    var first = at(addresses.getFirst(), addresses.size());
    var answering = new ArrayList<InetAddress>();
    var silent = new ArrayList<String>();
    for (var address : addresses) {
      if (address.equals(addresses.getFirst()) ? !(first instanceof Trouble) : isThere(address)) {
        answering.add(address);
      } else {
        silent.add(shown(address));
      }
    }
    return switch (first) {
      case Trouble it when answering.isEmpty() -> Looked.nothing(it);
      case Trouble it -> Looked.nothing(elsewhere(it, answering.getFirst()));
      case Fine it when !silent.isEmpty() ->
          new Looked<>(
              List.of(new Fine(it.what() + "; nobody answers at " + String.join(", ", silent))),
              Optional.of(answering));
      default -> new Looked<>(List.of(first), Optional.of(answering));
    };
  }

  private Finding elsewhere(Trouble first, InetAddress there) {
    return new Trouble(
        first.what() + "; PostgreSQL listens at " + shown(there) + ", the same name's",
        "name that one, database.host: '"
            + shown(there)
            + "', for this program goes to a name's first address; or have it listen at both:"
            + " listen_addresses in postgresql.conf");
  }

  private boolean isThere(InetAddress address) {
    return at(address, 2) instanceof Fine;
  }

  static String shown(InetAddress address) {
    return address.getHostAddress().replaceFirst("^0:0:0:0:0:0:0:1$", "::1");
  }

  private Finding at(InetAddress address, int all) {
    var at = "port %d of %s%s".formatted(port, host, all == 1 ? "" : " (" + shown(address) + ")");
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      return answer(at, socket);
    } catch (SocketTimeoutException _) {
      return new Trouble(
          "nothing answers at " + at + " within " + PATIENCE_MILLIS / 1000 + " s",
          "a firewall drops the packets, or the server hangs; see from its own machine: pg_isready -p "
              + port);
    } catch (ConnectException _) {
      return new Trouble(
          at + " refuses connections: nothing listens there",
          "start PostgreSQL, or correct database.port; on its machine: ss -ltn 'sport = :"
              + port
              + "'");
    } catch (NoRouteToHostException e) {
      return new Trouble(at + ": " + e.getMessage(), "is the network up? ip route get " + host);
    } catch (IOException e) {
      return new CouldNotCheck("who listens at " + at, String.valueOf(e.getMessage()));
    }
  }

  private Finding answer(String at, Socket socket) throws IOException {
    socket.getOutputStream().write(TLS_REQUEST);
    socket.getOutputStream().flush();
    return switch (socket.getInputStream().read()) {
      case 'S' -> new Fine(at + " is PostgreSQL's, with TLS");
      case 'N', 'E' -> new Fine(at + " is PostgreSQL's, without TLS");
      case -1 ->
          new Trouble(
              at + " closes the connection at once",
              "is there a proxy without a server behind it, or another program? on its machine: ss -ltnp 'sport = :"
                  + port
                  + "'");
      default ->
          new Trouble(
              "another program listens at " + at + ", it does not speak PostgreSQL's protocol",
              "correct database.port, or see which it is: ss -ltnp 'sport = :" + port + "'");
    };
  }
}
