package pgrunbook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network between the program and PostgreSQL: while it is cut, whatever is sent, or closed, is
 * held; then it arrives, as packets that are sent again do, or every connection is reset.
 */
public final class ServerProxy implements AutoCloseable {
  private final int target;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private boolean cut;

  private ServerProxy(int target, ServerSocket server) {
    this.target = target;
    this.server = server;
  }

  /** The way to the test cluster. */
  public static ServerProxy start() {
    try {
      var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      var proxy = new ServerProxy(PostgresServer.shared().port(), server);
      Thread.ofPlatform().daemon().start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  /** From now on nothing arrives. */
  public synchronized void cut() {
    cut = true;
  }

  /** What was sent meanwhile arrives. */
  public synchronized void mend() {
    cut = false;
    notifyAll();
  }

  /** Every connection is reset, and new ones go through. */
  public void reset() {
    for (var socket : open) {
      try {
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (IOException _) {
        // it is closed
      }
    }
    open.clear();
    mend();
  }

  private void accept() {
    try {
      while (true) {
        var client = server.accept();
        Thread.ofPlatform().daemon().start(() -> join(client));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private void join(Socket client) {
    open.add(client);
    try {
      pass();
      var upstream = new Socket();
      upstream.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      open.add(upstream);
      Thread.ofPlatform().daemon().start(() -> carry(client, upstream));
      carry(upstream, client);
    } catch (IOException | InterruptedException _) {
      close(client);
    }
  }

  private void carry(Socket from, Socket to) {
    var bytes = new byte[64 * 1024];
    try {
      for (var count = from.getInputStream().read(bytes);
          count >= 0;
          count = from.getInputStream().read(bytes)) {
        pass();
        to.getOutputStream().write(bytes, 0, count);
      }
    } catch (IOException | InterruptedException _) {
      // the other end is told
    }
    try {
      pass();
    } catch (InterruptedException _) {
      // the end of the test
    }
    close(to);
    close(from);
  }

  private synchronized void pass() throws InterruptedException {
    while (cut) {
      wait();
    }
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException _) {
      // it is closed
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      reset();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
