package pgrunbook.compose;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A container, as <code>docker inspect</code> describes it.
 *
 * @param service the Compose service it belongs to; empty for others
 * @param configFiles the Compose files it was made from, as its label names them
 * @param oneOff whether it was made by <code>docker compose run</code>
 * @param status created, running, paused, restarting, removing, exited or dead
 * @param error why the engine could not start it; empty where it could
 * @param health healthy, unhealthy or starting; empty without a health check
 * @param startedAt as Docker writes it: tells one start from the next
 * @param restartPolicy no, always, unless-stopped or on-failure
 * @param published ports inside it that are published by the engine
 * @param addresses its own addresses in its networks
 */
public record Container(
    String id,
    String name,
    String image,
    String service,
    List<String> configFiles,
    boolean oneOff,
    String status,
    int exitCode,
    String error,
    Optional<String> health,
    String startedAt,
    String restartPolicy,
    Set<Integer> published,
    List<String> addresses,
    List<Mount> mounts) {
  private static final String LABEL = "com.docker.compose.";

  /** A folder or file of the engine's machine that is seen inside, too. */
  public record Mount(String source, String destination, boolean writable) {}

  public Container {
    configFiles = List.copyOf(configFiles);
    published = Set.copyOf(published);
    addresses = List.copyOf(addresses);
    mounts = List.copyOf(mounts);
  }

  static Container of(JsonNode json) {
    var state = json.path("State");
    var labels = json.path("Config").path("Labels");
    return new Container(
        json.path("Id").asText(),
        json.path("Name").asText().replaceFirst("^/", ""),
        json.path("Config").path("Image").asText(),
        labels.path(LABEL + "service").asText(),
        configFiles(labels.path(LABEL + "project.config_files").asText()),
        labels.path(LABEL + "oneoff").asText().equalsIgnoreCase("true"),
        state.path("Status").asText(),
        state.path("ExitCode").asInt(),
        state.path("Error").asText(),
        Optional.of(state.path("Health").path("Status").asText())
            .filter(health -> !health.isEmpty() && !health.equals("none")),
        state.path("StartedAt").asText(),
        restartPolicy(json.path("HostConfig").path("RestartPolicy").path("Name").asText()),
        published(json.path("NetworkSettings").path("Ports")),
        addresses(json.path("NetworkSettings").path("Networks")),
        mounts(json.path("Mounts")));
  }

  private static List<String> configFiles(String label) {
    return label.isEmpty() ? List.of() : List.of(label.split(",", -1));
  }

  private static String restartPolicy(String name) {
    return name.isEmpty() ? "no" : name;
  }

  /** Whether programs can be run in it. */
  boolean isRunning() {
    return status.equals("running");
  }

  /** Whether nothing of it runs. */
  boolean isStopped() {
    return Set.of("created", "exited", "dead", "removing").contains(status);
  }

  private static Set<Integer> published(JsonNode ports) {
    var found = new TreeSet<Integer>();
    ports
        .properties()
        .forEach(port -> {
          if (port.getKey().endsWith("/tcp") && !port.getValue().isEmpty()) {
            found.add(Integer.valueOf(port.getKey().replace("/tcp", "")));
          }
        });
    return found;
  }

  private static List<String> addresses(JsonNode networks) {
    var found = new ArrayList<String>();
    networks.forEach(network -> {
      found.add(network.path("IPAddress").asText());
      found.add(network.path("GlobalIPv6Address").asText());
    });
    found.removeIf(String::isEmpty);
    return found;
  }

  private static List<Mount> mounts(JsonNode mounts) {
    var found = new ArrayList<Mount>();
    mounts.forEach(mount -> {
      if (mount.path("Type").asText().equals("bind")) {
        found.add(
            new Mount(
                mount.path("Source").asText(),
                mount.path("Destination").asText(),
                mount.path("RW").asBoolean()));
      }
    });
    return found;
  }
}
