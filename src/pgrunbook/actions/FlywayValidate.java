package pgrunbook.actions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Late;
import pgrunbook.migration.Migration;
import pgrunbook.text.Problem;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/** <code>flyway.validate</code>: compares the files with what the database remembers of them. */
final class FlywayValidate
    implements Action<FlywayValidate.Input, FlywayValidate.Intent, FlywayValidate.Output> {
  record Input(
      @Doc("database to look at; default: the environment's") Optional<Late<String>> database,
      @Doc("whether all files must have been applied") @Default("false") boolean complete) {}

  /** Nothing: it only looks. */
  record Intent() {}

  record Output(String version, int applied, int pending) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "flyway.validate",
        1,
        "compares the migration files with what the database remembers of them",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.READ_ONLY);
    MigrationLook.preview(in.database(), look, preview)
        .ifPresent(seen -> {
          seen.odd().forEach(preview::problem);
          preview.fact("version", seen.current());
          preview.fact("pending", seen.state().pending().size());
        });
    return preview.build();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    return new Intent();
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed {
    var seen = MigrationLook.at(MigrationLook.database(in.database(), act).get(), act);
    var problems = new ArrayList<Problem>(seen.files().problems());
    problems.addAll(seen.odd());
    var pending = seen.state().pending();
    if (in.complete() && !pending.isEmpty()) {
      problems.add(
          Problem.of(
              "not applied: "
                  + pending.stream().map(Migration::script).collect(Collectors.joining(", ")),
              "'migration status' shows where the database stands"));
    }
    problems.forEach(it -> act.log().line(it.toString()));
    if (!problems.isEmpty()) {
      throw failed(problems);
    }
    act.log().line("files and history agree at " + seen.current());
    return new Output(seen.current(), seen.state().applied().size(), pending.size());
  }

  private static StepFailed failed(List<Problem> problems) {
    var first = MigrationLook.failed(problems.getFirst());
    if (problems.size() == 1) {
      return first;
    }
    return new StepFailed(
        first.getMessage() + "; and " + (problems.size() - 1) + " more",
        "'migration status' lists them all, with what mends each");
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    return new Observed.NotDone<>();
  }
}
