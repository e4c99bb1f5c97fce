package pgrunbook.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import pgrunbook.action.Progress;
import pgrunbook.action.Registry;
import pgrunbook.action.Target;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.diagnosis.SameDatabase;
import pgrunbook.environment.Environment;
import pgrunbook.environment.Environments;
import pgrunbook.plan.Plan;
import pgrunbook.plan.Planner;
import pgrunbook.plan.TargetFacts;
import pgrunbook.runbook.Param;
import pgrunbook.runbook.Params;
import pgrunbook.runbook.Runbook;
import pgrunbook.runbook.Runbooks;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.text.Refused;
import pgrunbook.text.Secret;

/**
 * What people wrote, read and checked, with nothing connected to yet.
 *
 * @param params resolved, with their defaults
 */
record Prepared(
    Project project,
    Registry registry,
    Runbook runbook,
    Environment environment,
    Map<String, Object> params,
    String environmentSource) {

  /**
   * Reads the runbook and its environment.
   *
   * @throws InvalidInput with everything that is wrong with them
   */
  static Prepared read(
      Project project,
      Registry registry,
      String name,
      Optional<String> environmentName,
      Map<String, String> given) {
    var problems = new Problems();
    var runbook = Runbooks.read(project.folder(), name, problems);
    var environment = runbook.flatMap(it -> environment(project, it, environmentName, problems));
    if (runbook.isEmpty() || environment.isEmpty()) {
      runbook.ifPresent(it -> Params.resolve(it, given, problems));
      problems.addAll(StepCheck.of(registry, project.folder(), name));
      throw new InvalidInput(problems.inOrder());
    }
    return of(project, registry, runbook.get(), environment.get(), given, problems);
  }

  /** The same for an environment that does not come from a file of its name. */
  static Prepared of(
      Project project,
      Registry registry,
      Runbook runbook,
      Environment environment,
      Map<String, String> given,
      Problems problems) {
    var all = RunParams.given(runbook, given, environment.env());
    var params = Params.resolve(runbook, all, problems);
    project.secrets().learn(environment, secrets(runbook, params).values());
    if (problems.isEmpty()) {
      problems.addAll(
          Planner.check(
              registry, runbook, params, environment.env(), target(project, environment)));
    }
    problems.throwIfAny();
    return new Prepared(project, registry, runbook, environment, params, source(environment));
  }

  private static Optional<Environment> environment(
      Project project, Runbook runbook, Optional<String> given, Problems problems) {
    var name = given.or(runbook::environment);
    if (name.isEmpty()) {
      problems.add(
          runbook.place(),
          "runbook " + runbook.name() + " names no environment",
          "give one: --env NAME; known: " + String.join(", ", Environments.list(project.folder())));
      return Optional.empty();
    }
    return project.environment(name.get(), problems);
  }

  /** What runbooks act on there. */
  static Target target(Project project, Environment environment) {
    return new Target(
        environment.name(),
        environment.database().name(),
        environment.isProtected(),
        project.folder(),
        environment.backups().dir(),
        environment.migrations(),
        environment.systemIdentifier());
  }

  private static String source(Environment environment) {
    try {
      return Files.exists(environment.file()) ? Files.readString(environment.file()) : "";
    } catch (IOException e) {
      throw new Refused(
          "cannot read " + environment.file() + ": " + e.getMessage(), "is it readable?");
    }
  }

  /** The secret params that have a value. */
  Map<String, Secret> secretParams() {
    return secrets(runbook, params);
  }

  /** Those among params whose values must not be shown. */
  static Map<String, Secret> secrets(Runbook runbook, Map<String, Object> params) {
    var secrets = new LinkedHashMap<String, Secret>();
    params.forEach((name, value) -> {
      if (Optional.ofNullable(runbook.params().get(name)).map(Param::secret).orElse(false)) {
        secrets.put(name, new Secret(value.toString()));
      }
    });
    return secrets;
  }

  /**
   * What surrounds the database, as the environment and the variables in it say: a run that is
   * carried on must meet the same, or it gives back to somebody else what it has taken away.
   */
  String surroundings(Masking masking) {
    return masking.mask(
        String.join(
            "\n",
            environment.services().toString(),
            environment.maintenance().toString(),
            environment.compose().toString(),
            environment.migrations().toString()));
  }

  /** Whoever says dev and reaches production is asked nothing, so it is not begun. */
  private List<Problem> twins(Site site, TargetFacts facts, Consumer<String> notes) {
    if (facts.isProtected() || facts.oid().isEmpty()) {
      return List.of();
    }
    var identity = new SameDatabase.Identity(facts.systemIdentifier(), facts.oid().get());
    var others = Environments.list(project.folder());
    List<Problem> problems = new ArrayList<>();
    for (var finding :
        new SameDatabase(site.world().neighbours(), others).look(environment.name(), identity)) {
      switch (finding) {
        case Trouble(var what, var mend) -> problems.add(Problem.of(what, mend));
        case CouldNotCheck(var what, var why) ->
            notes.accept("note: could not check " + what + ": " + why);
        case Fine _ -> {}
      }
    }
    return problems;
  }

  /**
   * Looks at the target and makes the plan.
   *
   * @param notes told what could not be made sure of
   */
  Plan plan(Site site, Progress progress, Consumer<String> notes) {
    List<Problem> found = new ArrayList<>();
    var facts = site.facts(found);
    found.addAll(twins(site, facts, notes));
    if (!found.isEmpty()) {
      throw new Refused(found);
    }
    var request =
        new Planner.Request(
            runbook,
            site.world().target(),
            facts,
            params,
            environment.env(),
            environmentSource,
            surroundings(site.masking()));
    return new Planner(registry, site.world(), progress).plan(request);
  }
}
