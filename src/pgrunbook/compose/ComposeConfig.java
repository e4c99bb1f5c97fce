package pgrunbook.compose;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import pgrunbook.postgres.Unreachable;
import pgrunbook.text.Problem;

/**
 * What <code>docker compose config</code> says, as far as it matters here.
 *
 * @param name the project's
 * @param images by service; an empty text for one that is built
 * @param jobs services whose end others wait for
 */
record ComposeConfig(String name, SortedMap<String, String> images, Set<String> jobs) {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String COMPLETED = "service_completed_successfully";

  ComposeConfig {
    images = Collections.unmodifiableSortedMap(new TreeMap<>(images));
    jobs = Set.copyOf(jobs);
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
      var jobs = new TreeSet<String>();
      for (var service : root.path("services").properties()) {
        images.put(service.getKey(), service.getValue().path("image").asText(""));
        for (var other : service.getValue().path("depends_on").properties()) {
          if (other.getValue().path("condition").asText().equals(COMPLETED)) {
            jobs.add(other.getKey());
          }
        }
      }
      return new ComposeConfig(root.path("name").asText(otherwise), images, jobs);
    } catch (JsonProcessingException e) {
      throw new Unreachable(
          Problem.of(
              "'docker compose config' printed what is no YAML: " + e.getOriginalMessage(),
              "try it by hand in the project's folder"));
    }
  }
}
