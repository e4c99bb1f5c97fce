package pgrunbook.text;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads what people have named as a file with text, which may be anything. */
public final class TextFile {
  private TextFile() {}

  /**
   * Its text as UTF-8, links followed.
   *
   * @throws CharacterCodingException where it is not UTF-8
   * @throws IOException where it can't be read, or is a pipe or a device: one may never end, or
   *     never begin
   */
  public static String read(Path file) throws IOException {
    requireFile(file);
    return Files.readString(file);
  }

  /** Makes sure that it is no pipe and no device; what is not there is left to whoever reads. */
  public static void requireFile(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      throw new IOException("a pipe or a device, not a file");
    }
  }
}
