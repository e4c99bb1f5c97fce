package pgrunbook.environment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import pgrunbook.text.Problems;
import pgrunbook.yaml.Yaml;

/**
 * Reads <code>.env</code> as Docker Compose does. Problems never show a value, as it may be secret.
 */
public final class DotEnv {
  private DotEnv() {}

  /** As with a name for the file; problems call it by its path. */
  public static Map<String, String> read(
      Path file, Map<String, String> process, Problems problems) {
    return read(file, file.toString(), process, problems);
  }

  /**
   * The process's environment, and what the file adds to it; the process's values win. A missing
   * file adds nothing.
   *
   * @param shownName what problems call the file
   */
  public static Map<String, String> read(
      Path file, String shownName, Map<String, String> process, Problems problems) {
    Map<String, String> merged = new LinkedHashMap<>();
    if (Files.exists(file)) {
      Yaml.text(file, shownName, problems)
          .ifPresent(
              text -> merged.putAll(new DotEnvParser(text, shownName, process, problems).parse()));
    }
    merged.putAll(process);
    return merged;
  }
}
