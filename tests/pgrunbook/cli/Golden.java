package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What users see, as files in <code>tests/golden</code>. After a change that was meant, {@code mvn
 * test -Pfast -Dtest=GoldenTest -Dgolden.update=true} writes them again, and the diff is reviewed.
 */
final class Golden {
  private static final Path FOLDER = Path.of("tests/golden");

  private Golden() {}

  /** Fails, naming the lines that differ, where the text is not the file's. */
  static void assertSame(String name, String text) {
    var file = FOLDER.resolve(name);
    try {
      if (Boolean.getBoolean("golden.update")) {
        Files.createDirectories(FOLDER);
        Files.writeString(file, text);
      }
      assertThat(file).as("-Dgolden.update=true writes it").hasContent(text);
      assertThat(text).as("the end of %s", file).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
