package pgrunbook.starter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import pgrunbook.text.Closest;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;

/**
 * Finds the service that PostgreSQL runs in.
 *
 * @param folder where the Compose files lie, for Dockerfiles
 * @param variables for image names
 */
record PostgresService(Path folder, Map<String, String> variables) {
  private static final Pattern SERVER =
      Pattern.compile(".*(postgres|pgvector|postgis|timescaledb|paradedb|citus|pgvecto).*");
  private static final Pattern OTHER =
      Pattern.compile(
          ".*(postgrest|exporter|backup|bouncer|pgpool|pgadmin|operator|dump|client|-meta).*");
  private static final Pattern DATA =
      Pattern.compile("/var/lib/(postgresql|pgsql)\\b.*|/bitnami/postgresql\\b.*");
  private static final Pattern FROM = Pattern.compile("(?im)^\\s*FROM\\s+(?:--\\S+\\s+)?(\\S+)");

  /**
   * The one service of PostgreSQL; nothing where there is none.
   *
   * @throws InvalidInput where several could be it
   */
  Optional<Service> find(ComposeModel model, List<String> files) {
    var found = model.services().values().stream().filter(this::isServer).toList();
    if (found.isEmpty()) {
      found = model.services().values().stream().filter(PostgresService::isMade).toList();
    }
    found = narrowed(found, PostgresService::hasData);
    found = narrowed(found, PostgresService::isMade);
    found = narrowed(found, it -> it.dependsOn().isEmpty()); // else it has the image for its psql
    if (found.size() > 1) {
      var names = found.stream().map(Service::name).collect(Collectors.joining(", "));
      throw new InvalidInput(
          new Problem(
              ComposeReader.place(files),
              "several services could be PostgreSQL: " + names,
              Optional.of("say which one the runbooks are for: --postgres SERVICE")));
    }
    return found.stream().findFirst();
  }

  /** The service of that name. */
  static Optional<Service> named(ComposeModel model, String name, List<String> files) {
    var service = Optional.ofNullable(model.services().get(name));
    if (service.isEmpty()) {
      throw new InvalidInput(
          new Problem(
              ComposeReader.place(files),
              "there is no service '" + name + "'",
              Optional.of(Closest.hint(name, model.services().keySet()))));
    }
    return service;
  }

  private static List<Service> narrowed(List<Service> services, Predicate<Service> better) {
    var those = services.stream().filter(better).toList();
    return those.isEmpty() ? services : those;
  }

  boolean isServer(Service service) {
    return isServer(service.image())
        || hasData(service)
        || service.build().filter(this::isBuiltFromServer).isPresent();
  }

  private boolean isServer(String image) {
    var name = Form.parse(image).map(it -> it.value(variables)).orElse(image);
    var bare = name.replaceFirst("@.*", "").replaceFirst(":[^/:]*$", "").replaceFirst(".*/", "");
    return SERVER.matcher(bare).matches() && !OTHER.matcher(bare).matches();
  }

  private boolean isBuiltFromServer(String context) {
    try {
      var file = folder.resolve(context).resolve("Dockerfile");
      if (!Files.isRegularFile(file)) {
        return false;
      }
      var images = FROM.matcher(Files.readString(file)).results().map(it -> it.group(1)).toList();
      return !images.isEmpty() && isServer(images.getLast());
    } catch (IOException | IllegalArgumentException _) {
      return false; // a context that is no folder of this machine, such as a Git address
    }
  }

  private static boolean hasData(Service service) {
    return service.mounts().stream().anyMatch(it -> DATA.matcher(it.target()).matches());
  }

  /** Whether it gets what only the server's image asks for, and waits for nobody. */
  private static boolean isMade(Service service) {
    return service.dependsOn().isEmpty()
        && service.environment().keySet().stream()
            .anyMatch(it -> it.matches("POSTGRES(QL)?_PASSWORD(_FILE)?"));
  }

  /** What runs in that image keeps connections for others. */
  static boolean isPooler(Service service) {
    return service.image().matches(".*(bouncer|pgpool|pgcat|odyssey|supavisor).*");
  }
}
