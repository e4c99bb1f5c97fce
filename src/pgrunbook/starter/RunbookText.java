package pgrunbook.starter;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A runbook of this repository, written for the services of another.
 *
 * @param name its file's, without <code>.yaml</code>
 */
record RunbookText(String name, String text) {
  private static final Pattern ENVIRONMENT = Pattern.compile("(?m)^environment: (\\S+)");
  private static final Set<String> FOR_ANY = Set.of("unlock", "restart-db");
  private static final String POSTGRES = "    default: postgres\n";
  private static final Pattern SERVICE_STEP =
      Pattern.compile(
          "(?m)^  - id: .*\\n(?:    .*\\n)*?    action: service\\.(?:stop|start)\\n"
              + "(?:    .*\\n)*?      services: \\[backend\\](?:\\n|\\z)(?:    .*(?:\\n|\\z))*");

  /** The environment that it acts on, where it names one. */
  Optional<String> environment() {
    var found = ENVIRONMENT.matcher(text);
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  /** Without its environment, where every one may use it: <code>--env</code> names which. */
  RunbookText forAny() {
    return FOR_ANY.contains(name)
        ? new RunbookText(name, text.replaceFirst(ENVIRONMENT.pattern() + "\n", ""))
        : this;
  }

  /** Whether it applies Flyway's migrations. */
  boolean migrates() {
    return text.contains("action: flyway.");
  }

  /**
   * With those services in place of the sample's; without the steps for them where there are none.
   *
   * @param postgres the service that PostgreSQL runs in
   */
  RunbookText with(List<String> services, String postgres) {
    var named = text.replace(POSTGRES, "    default: " + EnvironmentText.scalar(postgres) + "\n");
    if (services.isEmpty()) {
      return new RunbookText(name, SERVICE_STEP.matcher(named).replaceAll(""));
    }
    return new RunbookText(
        name,
        named
            .replace("services: [backend]", "services: [" + String.join(", ", services) + "]")
            .replace("service: backend\n", "service: " + services.getFirst() + "\n")
            .replaceAll("\\b(stop|start)-backend\\b", "$1-application"));
  }
}
