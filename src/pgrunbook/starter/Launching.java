package pgrunbook.starter;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SortedSet;

/** The wrapper, the catalog, the launchers, the engine's jar and the CI file. */
final class Launching {
  private static final String SCRIPTS = "scripts/";

  private Launching() {}

  static List<StarterFile> files(Engine engine, SortedSet<String> runbooks) {
    var files = new ArrayList<StarterFile>();
    files.add(new StarterFile.Text("jbang", Packed.text("jbang"), true));
    files.add(new StarterFile.Text(SCRIPTS + "java-home", Packed.text("scripts/java-home"), true));
    files.add(Starter.text("jbang-catalog.json", Catalog.of(runbooks)));
    for (var file : Packed.launchers()) {
      var name = file.replace(".java", "");
      if (name.equals(Catalog.ALL) || runbooks.contains(name)) {
        files.add(Starter.text(SCRIPTS + file, Launcher.of(file, engine)));
      }
    }
    if (engine instanceof Engine.Built(var jar, var name)) {
      files.add(new StarterFile.Copy(SCRIPTS + name, jar));
    }
    var rehearsed = runbooks.contains("restore-prod") ? "restore-prod" : "restore-dev";
    if (runbooks.contains(rehearsed)) {
      files.add(Starter.text(".github/workflows/runbooks.yml", Workflow.of(rehearsed)));
    }
    return files;
  }

  /**
   * What must not get into a commit by accident: backups, journals, and a jar that was built here.
   */
  static List<String> ignored(Engine engine, List<Deployment> deployments) {
    var lines = new LinkedHashSet<>(List.of(".pgrunbook/"));
    for (var it : deployments) {
      var folder = it.backups().usual();
      if (!folder.isEmpty() && !folder.startsWith("/")) {
        lines.add("/" + folder + "/*");
      }
    }
    if (deployments.stream().anyMatch(EnvironmentText::isProtected)) {
      lines.add("/maintenance.flag");
    }
    if (engine instanceof Engine.Built(var _, var name)) {
      lines.add("/" + SCRIPTS + name);
    }
    return List.copyOf(lines);
  }
}
