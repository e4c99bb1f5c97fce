package pgrunbook.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import pgrunbook.plan.Plan;
import pgrunbook.plan.PlanJson;
import pgrunbook.report.PlanText;
import pgrunbook.text.Refused;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** <code>plan</code>: what a run would do; changes nothing. */
@Command(
    name = "plan",
    description = "Show what a run would do; changes nothing.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  /** How a plan is printed. */
  enum Output {
    TEXT,
    JSON
  }

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Context context;
  @Mixin private final ProjectOption project = new ProjectOption();
  @Mixin private final RunbookOptions runbook = new RunbookOptions();

  @Option(names = "--output", description = "${COMPLETION-CANDIDATES} (default: TEXT)")
  private Output output = Output.TEXT;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "save the plan, to be run by 'run --plan FILE'")
  private Optional<Path> out = Optional.empty();

  PlanCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var where = project.find(context);
    var prepared = runbook.read(context, where);
    try (var site = Site.open(prepared.environment(), where, prepared.secretParams().values())) {
      var console = new Console(context.err(), context.terminal(), site.masking());
      var plan = prepared.plan(site, console.progress(), console::line);
      console.close();
      print(context, site, plan, output);
      out.ifPresent(file -> save(where.resolve(file), site, plan));
      return plan.problems().isEmpty() ? Exit.DONE : Exit.REFUSED;
    }
  }

  static void print(Context context, Site site, Plan plan, Output output) {
    var text =
        switch (output) {
          case TEXT -> site.masking().mask(PlanText.of(plan));
          case JSON -> PlanJson.of(plan, site.masking()).toPrettyString() + "\n";
        };
    context.out().print(text);
    context.out().flush();
  }

  /** Another plan may be written over; what somebody has named by mistake may not. */
  private static boolean isPlan(Path file) {
    try {
      return !Carrier.saved(file).digest().isEmpty();
    } catch (Refused _) {
      return false;
    }
  }

  private static void save(Path file, Site site, Plan plan) {
    try {
      if (Files.exists(file) && !isPlan(file)) {
        throw new Refused(
            file + " is there already, and is no plan that was saved", "name another file");
      }
      Files.deleteIfExists(file);
      Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      Files.writeString(file, PlanJson.of(plan, site.masking()).toPrettyString() + "\n");
    } catch (IOException e) {
      throw new Refused("cannot write " + file + ": " + e.getMessage(), "name another file");
    }
  }
}
