package pgrunbook.compose;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import pgrunbook.postgres.Unreachable;
import pgrunbook.text.Problem;

/**
 * What <code>docker compose config</code> says, as far as it matters here.
 *
 * @param name the project's
 * @param images by service; an empty text for one that is built
 */
record ComposeConfig(String name, SortedMap<String, String> images) {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  ComposeConfig {
    images = Collections.unmodifiableSortedMap(new TreeMap<>(images));
  }

  /**
   * Reads it.
   *
   * @param otherwise the name where it has none, as with version 1
   */
  static ComposeConfig read(String yaml, String otherwise) throws Unreachable {
    try {
      var root = YAML.readTree(yaml);
      var images = new TreeMap<String, String>();
      root.path("services")
          .properties()
          .forEach(
              service -> images.put(service.getKey(), service.getValue().path("image").asText("")));
      return new ComposeConfig(root.path("name").asText(otherwise), images);
    } catch (JsonProcessingException e) {
      throw new Unreachable(
          Problem.of(
              "'docker compose config' printed what is no YAML: " + e.getOriginalMessage(),
              "try it by hand in the project's folder"));
    }
  }
}
