package pgrunbook.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import pgrunbook.process.ChildPipe;

/** A socket whose other end is what a child process speaks with. */
final class RelaySocket extends Socket {
  private static final int BUFFER = 64 * 1024;

  private final ChildPipe pipe;
  private final RelayInput input;
  private final RelayOutput output;
  private volatile boolean closed;

  RelaySocket(ChildPipe pipe) {
    this.pipe = pipe;
    this.input = new RelayInput(pipe);
    this.output = new RelayOutput(pipe, input);
  }

  @Override
  public InputStream getInputStream() throws IOException {
    refuseClosed();
    return input;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    refuseClosed();
    return output;
  }

  @Override
  public void setSoTimeout(int millis) {
    input.timeout(millis);
  }

  @Override
  public int getSoTimeout() {
    return input.timeout();
  }

  @Override
  public void shutdownOutput() throws IOException {
    output.close();
  }

  /** The relay sees the end of its input, tells the server, and ends. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      input.close();
      pipe.release();
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public void connect(SocketAddress to) {
    // the relay is connected
  }

  @Override
  public void connect(SocketAddress to, int timeoutMillis) {
    // the relay is connected
  }

  @Override
  public void bind(SocketAddress to) {
    // a relay has no address
  }

  @Override
  public InetAddress getInetAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public void setTcpNoDelay(boolean on) {
    // the relay sends at once
  }

  @Override
  public boolean getTcpNoDelay() {
    return true;
  }

  @Override
  public void setKeepAlive(boolean on) {
    // a child process that ends is noticed
  }

  @Override
  public boolean getKeepAlive() {
    return true;
  }

  @Override
  public void setSoLinger(boolean on, int seconds) {
    // what was written to a pipe arrives
  }

  @Override
  public void setSendBufferSize(int size) {
    // a pipe has its own
  }

  @Override
  public int getSendBufferSize() {
    return BUFFER;
  }

  @Override
  public void setReceiveBufferSize(int size) {
    // a pipe has its own
  }

  @Override
  public int getReceiveBufferSize() {
    return BUFFER;
  }

  private void refuseClosed() throws SocketException {
    if (closed) {
      throw new SocketException("the connection is closed");
    }
  }
}
