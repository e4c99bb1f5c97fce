package pgrunbook.service;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** What is pretended, in a file, so that it is still so after this process was killed. */
final class SimulatedState {
  private final Path file;

  SimulatedState(Path file) {
    this.file = file;
  }

  synchronized String get(String key, String otherwise) throws IOException {
    return read().getProperty(key, otherwise);
  }

  synchronized void put(String key, String value) throws ServiceFailed {
    try {
      var all = read();
      all.setProperty(key, value);
      var text = new StringBuilder();
      try (var writer = new StringWriter()) {
        all.store(writer, "simulated by a rehearsal");
        text.append(writer);
      }
      Files.createDirectories(file.toAbsolutePath().getParent());
      SafeFile.write(file, text.toString());
    } catch (IOException e) {
      throw new ServiceFailed("cannot write " + file + ": " + e.getMessage(), "is the disk full?");
    }
  }

  private Properties read() throws IOException {
    var all = new Properties();
    if (Files.exists(file)) {
      try (var reader = Files.newBufferedReader(file)) {
        all.load(reader);
      }
    }
    return all;
  }
}
