package pgrunbook.starter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A service of a Compose file, as far as it matters here; texts are as they are written.
 *
 * @param image empty where none is named
 * @param build the folder that it is built from
 * @param environment by variable; empty for one that is passed on
 * @param envFiles files of further variables
 * @param dependsOn services, with the condition that each has to meet
 */
record Service(
    String name,
    String image,
    Optional<String> build,
    Map<String, Optional<String>> environment,
    List<String> envFiles,
    Map<String, String> dependsOn,
    List<Mount> mounts,
    List<String> profiles) {
  /** A folder, file or volume, and where it is seen inside. */
  record Mount(String source, String target) {
    boolean isFolder() {
      return source.startsWith(".")
          || source.startsWith("/")
          || source.startsWith("~")
          || source.startsWith("$");
    }
  }

  Service {
    environment = Map.copyOf(environment);
    envFiles = List.copyOf(envFiles);
    dependsOn = new TreeMap<>(dependsOn);
    mounts = List.copyOf(mounts);
    profiles = List.copyOf(profiles);
  }

  static Service of(String name, Map<?, ?> node) {
    var build = node.get("build");
    return new Service(
        name,
        ComposeTree.text(node.get("image")),
        Optional.ofNullable(build).map(Service::context),
        environment(node.get("environment")),
        envFiles(node.get("env_file")),
        dependsOn(node),
        mounts(node.get("volumes")),
        ComposeTree.list(node.get("profiles")).stream().map(ComposeTree::text).toList());
  }

  /** This one with the variables as another source writes them. */
  Service writtenAs(Service raw) {
    var variables = new LinkedHashMap<>(raw.envFiles().isEmpty() ? environment : Map.of());
    variables.putAll(raw.environment());
    var folders = raw.mounts().isEmpty() ? mounts : raw.mounts();
    return new Service(name, image, build, variables, raw.envFiles(), dependsOn, folders, profiles);
  }

  private static String context(Object build) {
    return build instanceof Map<?, ?> map
        ? Optional.ofNullable(map.get("context")).map(ComposeTree::text).orElse(".")
        : ComposeTree.text(build);
  }

  private static Map<String, Optional<String>> environment(@Nullable Object node) {
    var variables = new LinkedHashMap<String, Optional<String>>();
    ComposeTree.map(node)
        .forEach((key, value) ->
            variables.put(
                ComposeTree.text(key), Optional.ofNullable(value).map(ComposeTree::text)));
    for (var line : ComposeTree.list(node)) {
      var words = ComposeTree.text(line).split("=", 2);
      variables.put(words[0], words.length == 2 ? Optional.of(words[1]) : Optional.empty());
    }
    return variables;
  }

  private static List<String> envFiles(@Nullable Object node) {
    return ComposeTree.list(node).stream()
        .map(it -> ComposeTree.text(it instanceof Map<?, ?> map ? map.get("path") : it))
        .toList();
  }

  private static Map<String, String> dependsOn(Map<?, ?> node) {
    var services = new TreeMap<String, String>();
    for (var key : List.of("depends_on", "links")) {
      ComposeTree.list(node.get(key))
          .forEach(it -> services.put(ComposeTree.text(it).replaceFirst(":.*", ""), ""));
    }
    ComposeTree.map(node.get("depends_on"))
        .forEach((service, it) ->
            services.put(
                ComposeTree.text(service), ComposeTree.text(ComposeTree.map(it).get("condition"))));
    return services;
  }

  private static List<Mount> mounts(@Nullable Object node) {
    var mounts = new ArrayList<Mount>();
    for (var volume : ComposeTree.list(node)) {
      if (volume instanceof Map<?, ?> map) {
        mounts.add(
            new Mount(ComposeTree.text(map.get("source")), ComposeTree.text(map.get("target"))));
      } else {
        // not at the colons of ${BACKUPS:-./backups}
        var words = ComposeTree.text(volume).split(":(?![^${}]*})", -1);
        if (words.length > 1) {
          mounts.add(new Mount(words[0], words[1]));
        }
      }
    }
    return mounts;
  }
}
