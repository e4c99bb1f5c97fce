package pgrunbook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** An address whose new connections can be led to another port, while the older ones live on. */
public final class Forwarder implements AutoCloseable {
  private final ServerSocket listener;
  private volatile int to;

  private Forwarder(int to) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.to = to;
  }

  /** An address that leads to that port of this machine. */
  public static Forwarder to(int port) throws IOException {
    var forwarder = new Forwarder(port);
    Thread.ofVirtual().start(forwarder::accept);
    return forwarder;
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** From now on new connections go there. */
  public void leadTo(int port) {
    to = port;
  }

  private void accept() {
    try {
      while (true) {
        var client = listener.accept();
        var server = new Socket(InetAddress.getLoopbackAddress(), to);
        Thread.ofVirtual().start(() -> copy(client, server));
        Thread.ofVirtual().start(() -> copy(server, client));
      }
    } catch (IOException e) {
      if (!listener.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // one end was closed, and so is the other now
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
