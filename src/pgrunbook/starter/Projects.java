package pgrunbook.starter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.starter.Deployment.Project;

/**
 * Gives Compose projects names where environments would share one: containers are found by it.
 *
 * @param running projects that are there already, by their last Compose file
 * @param variable COMPOSE_PROJECT_NAME, where it is set
 */
record Projects(Path folder, Map<String, String> running, Optional<String> variable) {
  private static final String PRODUCTION = "prod";

  /**
   * Production keeps the name that its own server knows it by, whatever else runs on this machine;
   * then whoever runs keeps its name, and the first one the usual one. The others get another.
   */
  List<Deployment> named(List<Deployment> deployments) {
    var owners = new HashMap<String, String>();
    for (var it : deployments) {
      if (it.environment().equals(PRODUCTION)) {
        owners.put(runningAs(it).orElseGet(() -> usual(it)), PRODUCTION);
      }
    }
    for (var it : deployments) {
      runningAs(it).ifPresent(name -> owners.putIfAbsent(name, it.environment()));
    }
    deployments.forEach(it -> {
      if (runningAs(it).isEmpty()) {
        owners.putIfAbsent(usual(it), it.environment());
      }
    });
    var all = new ArrayList<Deployment>();
    for (var it : deployments) {
      all.add(named(it, owners));
    }
    return all;
  }

  private Deployment named(Deployment it, Map<String, String> owners) {
    var name = runningAs(it).orElseGet(() -> usual(it));
    var owner = owners.getOrDefault(name, it.environment());
    if (owner.equals(it.environment())) {
      return name.equals(usual(it)) ? it : it.in(new Project(name, "as it runs here"));
    }
    return it.in(
        new Project(
            template(it) + "-" + it.environment(),
            "of its own: in one folder, it would share that of "
                + owner
                + runningAs(it)
                    .map(now -> "; its containers of now are " + now + "'s")
                    .orElse("")));
  }

  private Optional<String> runningAs(Deployment it) {
    return Optional.ofNullable(running.get(it.lastFile().replaceFirst(".*/", "")));
  }

  private String usual(Deployment it) {
    return variable.orElseGet(() -> it.usualProject(folder));
  }

  private String template(Deployment it) {
    return variable.isPresent()
        ? "${env.COMPOSE_PROJECT_NAME ?? '" + variable.get() + "'}"
        : it.usualProject(folder);
  }
}
