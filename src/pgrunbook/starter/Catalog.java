package pgrunbook.starter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import java.util.StringJoiner;

/** Writes JBang's catalog: this repository's aliases, as far as their runbooks were written. */
final class Catalog {
  /** The launcher of the whole program. */
  static final String ALL = "runbook";

  private static final ObjectMapper JSON = new ObjectMapper();

  private Catalog() {}

  static String of(Set<String> runbooks) {
    try {
      // the wrapper finds an alias by its line, which Jackson's printer would write with a space
      var aliases = new StringJoiner(",\n", "{\n  \"aliases\": {\n", "\n  }\n}\n");
      for (var alias :
          JSON.readTree(Packed.text("jbang-catalog.json")).path("aliases").properties()) {
        if (fits(alias.getValue(), runbooks)) {
          aliases.add("    \"%s\": {\n%s\n    }".formatted(alias.getKey(), keys(alias.getValue())));
        }
      }
      return aliases.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean fits(JsonNode alias, Set<String> runbooks) {
    var arguments = alias.path("arguments");
    var script = alias.path("script-ref").asText().replaceFirst(".*/", "").replace(".java", "");
    return arguments.path(0).asText().equals("run")
        ? runbooks.contains(arguments.path(1).asText())
        : script.equals(ALL) || runbooks.contains(script);
  }

  private static String keys(JsonNode alias) {
    var keys = new StringJoiner(",\n");
    alias.properties().forEach(it -> keys.add("      \"" + it.getKey() + "\": " + it.getValue()));
    return keys.toString();
  }
}
