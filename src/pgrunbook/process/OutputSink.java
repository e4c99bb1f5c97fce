package pgrunbook.process;

/** Takes what a child writes, line by line; one that throws ends the child. */
@FunctionalInterface
public interface OutputSink {
  void line(String line);

  static OutputSink none() {
    return _ -> {};
  }
}
