package pgrunbook.postgres;

import java.io.FilterOutputStream;
import java.io.IOException;
import pgrunbook.process.ChildPipe;

/** What goes out through a relay; tells why where that ended before the server said anything. */
final class RelayOutput extends FilterOutputStream {
  private final RelayInput input;

  RelayOutput(ChildPipe pipe, RelayInput input) {
    super(pipe.output());
    this.input = input;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw why(e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw why(e);
    }
  }

  private IOException why(IOException e) {
    return input.hasHeard() ? e : input.refused();
  }
}
