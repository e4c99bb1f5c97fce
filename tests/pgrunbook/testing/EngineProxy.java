package pgrunbook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between the program and the Docker engine, and can cut every connection that is open, as a
 * firewall or a proxy in between may; new ones go through.
 */
public final class EngineProxy implements AutoCloseable {
  private static final Path ENGINE =
      Path.of(
          Optional.ofNullable(System.getenv("DOCKER_HOST"))
              .filter(host -> host.startsWith("unix://"))
              .map(host -> host.substring("unix://".length()))
              .orElse("/var/run/docker.sock"));

  private final Path socket;
  private final ServerSocketChannel server;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

  private EngineProxy(Path socket, ServerSocketChannel server) {
    this.socket = socket;
    this.server = server;
  }

  /** A proxy that listens in that folder. */
  public static EngineProxy in(Path folder) {
    try {
      var socket = folder.resolve("engine.sock");
      var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
      var proxy = new EngineProxy(socket, server);
      Thread.ofPlatform().daemon().start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For DOCKER_HOST. */
  public String host() {
    return "unix://" + socket;
  }

  /** Cuts every connection; whoever is at its ends sees it closed. */
  public void cut() {
    open.forEach(EngineProxy::close);
    open.clear();
  }

  private void accept() {
    try {
      while (true) {
        var client = server.accept();
        var engine = SocketChannel.open(UnixDomainSocketAddress.of(ENGINE));
        open.add(client);
        open.add(engine);
        Thread.ofPlatform().daemon().start(() -> carry(client, engine));
        Thread.ofPlatform().daemon().start(() -> carry(engine, client));
      }
    } catch (IOException _) {
      // closed
    }
  }

  /** Half-closes like a wire would: Docker's streams go on in the other direction. */
  private static void carry(SocketChannel from, SocketChannel to) {
    var bytes = ByteBuffer.allocate(64 * 1024);
    try {
      while (from.read(bytes) >= 0) {
        bytes.flip();
        while (bytes.hasRemaining()) {
          to.write(bytes);
        }
        bytes.clear();
      }
      to.shutdownOutput();
    } catch (IOException _) {
      close(from);
      close(to);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // it is closed
    }
  }

  @Override
  public void close() {
    cut();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
