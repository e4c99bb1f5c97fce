package pgrunbook.backup;

/** Where a sequence stands. */
public record SequenceState(long lastValue, boolean called) {
  @Override
  public String toString() {
    return lastValue + (called ? "" : ", not called yet");
  }
}
