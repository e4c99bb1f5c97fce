package pgrunbook.text;

/**
 * A value that must never be shown; its text is asked for by name, so that every use can be found.
 */
public record Secret(String reveal) {
  @Override
  public String toString() {
    return Masking.MASK;
  }
}
