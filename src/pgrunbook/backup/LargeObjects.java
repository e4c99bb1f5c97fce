package pgrunbook.backup;

/**
 * The large objects of a database.
 *
 * @param bytes of all of them together
 * @param content sum of the hashes of their pieces, a decimal number as text
 */
public record LargeObjects(long count, long bytes, String content) {
  public static final LargeObjects NONE = new LargeObjects(0, 0, "0");

  @Override
  public String toString() {
    return count + " large objects of " + bytes + " bytes, content " + content;
  }
}
