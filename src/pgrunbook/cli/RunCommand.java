package pgrunbook.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import pgrunbook.plan.Plan;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** <code>run</code>: plans, asks where it has to, and carries the plan out. */
@Command(name = "run", description = "Carry a runbook out.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private final ProjectOption project = new ProjectOption();
  @Mixin private final RunbookOptions runbook = new RunbookOptions();

  @Option(names = "--dry-run", description = "show the plan and change nothing")
  private boolean dryRun = false;

  @Option(names = "--output", description = "of --dry-run: ${COMPLETION-CANDIDATES}")
  private PlanCommand.Output output = PlanCommand.Output.TEXT;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "refuse unless the plan is still the one saved there")
  private Optional<Path> approved = Optional.empty();

  @Option(
      names = "--confirm",
      paramLabel = "DATABASE",
      description =
          "name of the database, where nobody can be asked whether what is destructive may be done")
  private Optional<String> confirm = Optional.empty();

  RunCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var where = project.find(context);
    var prepared = runbook.read(context, where);
    try (var site = Site.open(prepared.environment(), where, prepared.secretParams().values())) {
      var console = new Console(context.out(), context.terminal(), site.masking());
      if (!dryRun) { // what an unfinished run has left would only show as problems of the plan
        Known.refuseOthers(
            where,
            site.cluster().server().systemIdentifier(),
            prepared.environment().database().name());
      }
      var looking = new Console(context.err(), context.terminal(), site.masking());
      var plan = prepared.plan(site, looking.progress(), looking::line);
      looking.close();
      PlanCommand.print(context, site, plan, output);
      if (!plan.problems().isEmpty()) {
        return Exit.REFUSED;
      }
      if (dryRun) {
        return Exit.DONE;
      }
      Status.overButOwing(Known.all(where)).stream()
          .flatMap(known -> Status.leftBehind(known).stream())
          .forEach(line -> context.err().println("note: " + line));
      approved.ifPresent(file -> refuseChanged(where.resolve(file), plan));
      if (plan.target().isProtected() && plan.isDestructive()) {
        Confirmation.ask(context, plan.target().database(), confirm);
      }
      var target = plan.target();
      var carried =
          new Carrier(context, prepared, site, console, context.signals().begin())
              .run(
                  plan,
                  where.runs(),
                  () -> Known.refuseOthers(where, target.systemIdentifier(), target.database()));
      return Ended.say(context, console, carried);
    }
  }

  private static void refuseChanged(Path file, Plan plan) {
    var differences = Carrier.saved(file).differences(plan);
    if (!differences.isEmpty()) {
      throw new Refused(
          differences.stream()
              .map(what ->
                  Problem.of(
                      "changed since " + file.getFileName() + " was saved: " + what,
                      "look at the new plan and save it again: 'plan --out'"))
              .toList());
    }
  }
}
