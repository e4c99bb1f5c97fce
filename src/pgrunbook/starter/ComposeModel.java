package pgrunbook.starter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What the Compose files of one environment say together.
 *
 * @param name the project's, where a file gives it one
 */
record ComposeModel(Optional<String> name, SequencedMap<String, Service> services) {
  ComposeModel {
    services = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(services));
  }

  static ComposeModel of(Map<?, ?> tree) {
    var services = new LinkedHashMap<String, Service>();
    ComposeTree.map(tree.get("services"))
        .forEach((name, node) -> {
          var text = ComposeTree.text(name);
          services.put(text, Service.of(text, ComposeTree.map(node)));
        });
    return new ComposeModel(Optional.ofNullable(tree.get("name")).map(ComposeTree::text), services);
  }

  /** This one, in which variables are resolved, with them as the files write them. */
  ComposeModel writtenAs(ComposeModel raw) {
    var all = new LinkedHashMap<String, Service>();
    services.forEach((service, it) ->
        all.put(
            service,
            Optional.ofNullable(raw.services().get(service)).map(it::writtenAs).orElse(it)));
    return new ComposeModel(raw.name(), all);
  }
}
