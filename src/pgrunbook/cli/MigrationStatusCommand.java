package pgrunbook.cli;

import java.util.concurrent.Callable;
import pgrunbook.cli.MigrationOptions.Seen;
import pgrunbook.migration.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** <code>migration status</code>: where a database stands, and what is odd. */
@Command(
    name = "status",
    description = {
      "Show current and pending migrations, and what does not fit together.",
      "Exit code 0 where all files are applied and nothing is odd, else 1."
    },
    mixinStandardHelpOptions = true)
final class MigrationStatusCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private final MigrationOptions options = new MigrationOptions();

  MigrationStatusCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var seen = options.look(options.project(context));
    var problems = seen.problems();
    context.out().println(summary(seen));
    for (var file : seen.state().pending()) {
      var undo = file.undo().isPresent() ? "" : "  (no U file: it can't be undone)";
      context.out().println("  pending  " + file.script() + undo);
    }
    problems.forEach(
        it -> context.out().println("  odd      " + it.toString().replace("\n", "\n         ")));
    if (!seen.state().pending().isEmpty() && problems.isEmpty()) {
      var runbook = seen.environment().isProtected() ? "migrate-prod" : "migrate";
      var command = Called.by("run " + runbook + " --env " + seen.environment().name());
      context.out().println("apply them: " + command);
    }
    return seen.state().inStep() && problems.isEmpty() ? Exit.DONE : Exit.FAILED;
  }

  private static String summary(Seen seen) {
    var current = seen.state().current().map(Version::toString).orElse("base, nothing applied");
    return "%s (%s): at %s, %d applied, %d pending, %d odd"
        .formatted(
            seen.environment().name(),
            seen.environment().database().name(),
            current,
            seen.state().applied().size(),
            seen.state().pending().size(),
            seen.problems().size());
  }
}
