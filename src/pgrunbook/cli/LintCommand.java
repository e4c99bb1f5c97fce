package pgrunbook.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import pgrunbook.action.Target;
import pgrunbook.environment.Environment;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.plan.Planner;
import pgrunbook.runbook.Param;
import pgrunbook.runbook.Runbook;
import pgrunbook.runbook.Runbooks;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** <code>lint</code>: everything that can be said of runbooks with no database at hand. */
@Command(
    name = "lint",
    description = "Check runbooks and environments, with no database at hand.",
    mixinStandardHelpOptions = true)
final class LintCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private final ProjectOption project = new ProjectOption();

  @Parameters(paramLabel = "RUNBOOK", arity = "0..*", description = "default: all of the project")
  private List<String> named = List.of();

  LintCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var where = project.find(context);
    var runbooks = named.isEmpty() ? all(where.folder()) : named;
    Set<Problem> problems = new LinkedHashSet<>();
    runbooks.forEach(name -> problems.addAll(check(where, name)));
    problems.forEach(problem -> context.err().println(problem));
    if (problems.isEmpty()) {
      context.out().println("no problems in " + String.join(", ", runbooks));
      return Exit.DONE;
    }
    context.err().println(problems.size() + " problem(s)");
    return Exit.USAGE;
  }

  private static List<String> all(Path project) {
    return Stream.concat(Runbooks.list(project).stream(), Runbooks.examples(project).stream())
        .toList();
  }

  private List<Problem> check(Project where, String name) {
    var problems = new Problems();
    var runbook = Runbooks.read(where.folder(), name, problems);
    if (runbook.isEmpty()) {
      problems.addAll(StepCheck.of(context.registry(), where.folder(), name));
    }
    runbook.ifPresent(it -> {
      var environment = environment(where, it, problems);
      var target = target(where, environment);
      var env = environment.map(Environment::env).orElseGet(System::getenv);
      problems.addAll(Planner.check(context.registry(), it, placeholders(it), env, target));
    });
    return problems.inOrder();
  }

  /** An environment whose <code>.env</code> is not on this machine is no mistake of the runbook. */
  private static Optional<Environment> environment(
      Project where, Runbook runbook, Problems problems) {
    var name = runbook.environment();
    if (name.isEmpty()) {
      return Optional.empty();
    }
    var found = new Problems();
    var environment = where.environment(name.get(), found);
    found.list().stream()
        .filter(problem -> !problem.what().contains("env."))
        .forEach(problems::add);
    return environment;
  }

  private static Target target(Project where, Optional<Environment> environment) {
    return new Target(
        environment.map(Environment::name).orElse("‹environment›"),
        environment.map(it -> it.database().name()).orElse("‹database›"),
        false,
        where.folder(),
        where.folder().resolve("backups"),
        environment
            .map(Environment::migrations)
            .orElseGet(() -> MigrationSettings.in(where.folder())),
        Optional.empty());
  }

  private static Map<String, Object> placeholders(Runbook runbook) {
    Map<String, Object> params = new LinkedHashMap<>();
    runbook
        .params()
        .forEach((name, param) -> params.put(name, param.defaultValue().orElse(some(name, param))));
    return params;
  }

  private static Object some(String name, Param param) {
    return switch (param.type()) {
      case STRING -> "‹params." + name + "›";
      case INTEGER -> 1L;
      case BOOLEAN -> false;
    };
  }
}
