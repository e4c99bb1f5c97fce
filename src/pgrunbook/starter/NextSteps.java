package pgrunbook.starter;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/** What to do when everything is written. */
final class NextSteps {
  private NextSteps() {}

  /**
   * The steps.
   *
   * @param compose how Compose is called here
   */
  static List<String> of(
      List<Deployment> deployments,
      SortedSet<String> runbooks,
      Engine engine,
      List<String> compose) {
    var steps = new ArrayList<String>();
    steps.add("./jbang runbook lint");
    for (var it : deployments) {
      it.project()
          .filter(project -> !project.why().startsWith("as "))
          .ifPresent(_ -> steps.add(String.join(" ", compose) + up(it)));
      var name = it.environment();
      if (runbooks.contains("backup-" + name) && runbooks.contains("restore-" + name)) {
        steps.add(
            "./jbang backup-"
                + name
                + "    # where there is no backup in "
                + it.backups().usual()
                + " yet");
        steps.add("./jbang restore-" + name + ".java --dry-run    # the plan: nothing is changed");
      }
    }
    if (engine instanceof Engine.Built(var _, var name)) {
      steps.add(
          "git add -f scripts/%s    # only if others, and CI, shall take pgrunbook from it: .gitignore has it"
              .formatted(name));
    }
    return steps;
  }

  private static String up(Deployment it) {
    var files = String.join(" ", it.files().stream().map(file -> "-f " + file).toList());
    var project = it.project().orElseThrow();
    return " -p %s %s up -d    # project %s"
        .formatted(
            project.name().replaceAll("\\$\\{env\\.\\w+ \\?\\? '(.*)'\\}", "$1"),
            files,
            project.why());
  }
}
