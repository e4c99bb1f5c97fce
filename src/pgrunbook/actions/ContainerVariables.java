package pgrunbook.actions;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import pgrunbook.action.Preview;

/**
 * Which variables can be handed to a program in a container through docker's own environment, so
 * that no argument list shows their values.
 */
final class ContainerVariables {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private static final Set<String> DOCKERS_OWN = Set.of("PATH", "HOME");

  private ContainerVariables() {}

  static void check(Preview.Builder preview, String name) {
    if (!NAME.matcher(name).matches()) {
      preview.problem(
          "'" + name + "' can't be the name of a variable",
          "names have letters, digits and _, no digit first");
    } else if (isDockersOwn(name)) {
      preview.problem(
          "docker itself would take the variable " + name,
          "set it in the container: argv: [env, " + name + "=…, PROGRAM, …]");
    }
  }

  private static boolean isDockersOwn(String name) {
    return DOCKERS_OWN.contains(name)
        || Stream.of("DOCKER_", "COMPOSE_", "LD_").anyMatch(name::startsWith);
  }
}
