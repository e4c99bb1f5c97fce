package pgrunbook.diagnosis;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;

/**
 * Who is at a port: nobody, somebody who does not answer, something else, or PostgreSQL. It asks
 * whether there is TLS, as every client may do before anything else; PostgreSQL answers with one
 * letter (Frontend/Backend Protocol, SSL Session Encryption).
 */
record PortProbe(String host, int port) {
  private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(6).toMillis();
  private static final byte[] TLS_REQUEST = {0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f};

  Finding look() {
    var at = "port " + port + " of " + host;
    try (var socket = new Socket()) {
      var address = new InetSocketAddress(host, port);
      if (address.isUnresolved()) {
        return new Trouble(
            "the name " + host + " is not known",
            "correct database.host, or see: getent hosts " + host);
      }
      socket.connect(address, PATIENCE_MILLIS);
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
