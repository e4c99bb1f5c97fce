package pgrunbook.actions;

import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Call;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Late;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.Literals;
import pgrunbook.postgres.Packages;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.Problem;
import pgrunbook.yaml.Doc;

/** Sees to it that a database has an extension, as new as the application needs it. */
public final class PostgresExtension
    implements Action<PostgresExtension.Input, PostgresExtension.Intent, PostgresExtension.Output> {

  /** What is needed. */
  public record Input(
      @Doc("name of the extension, such as vector") String extension,
      @Doc("the oldest version that will do, such as 0.5") Optional<String> version,
      @Doc("schema that it is to be in; default: the server's choice") Optional<String> schema,
      @Doc("database that needs it; default: the environment's") Optional<Late<String>> database) {
    public Input {
      if (extension.isBlank()) {
        throw new IllegalArgumentException("the extension's name is empty");
      }
    }
  }

  /**
   * What is going to be done.
   *
   * @param created whether it was not there before the first attempt
   * @param statement empty where nothing is to be done
   */
  public record Intent(
      String database, String extension, boolean created, Optional<String> statement) {}

  /**
   * What is there now.
   *
   * @param change <code>created</code>, <code>updated</code> or <code>none</code>
   */
  public record Output(String extension, String version, String change) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "postgres.extension",
        1,
        "sees to it that a database has an extension, at least of some version",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    if (!(database(in, look) instanceof Late.Known<String>(var name))
        || look.cluster().database(name).isEmpty()) {
      return previewLater(in, look);
    }
    var state = ExtensionState.of(look.cluster(), name, in.extension());
    var preview = Preview.of(isEnough(in, state) ? Effect.READ_ONLY : Effect.MUTATING);
    preview.fact(in.extension() + " in " + name, state.installed().orElse("not there"));
    if (isEnough(in, state)) {
      return preview.command("nothing to do: " + name + " has " + in.extension()).build();
    }
    var problem = problem(in, name, state, look);
    problem.ifPresent(preview::problem);
    state
        .best(in.version())
        .ifPresent(it -> preview.command(statement(in, state, it) + "  -- in " + name));
    return preview.build();
  }

  private static Preview previewLater(Input in, Look look) {
    var shown = database(in, look).shown();
    var preview = Preview.of(Effect.MUTATING);
    preview.command("CREATE or ALTER EXTENSION " + quoted(in) + " where it is needed, in " + shown);
    preview.unknown("whether " + shown + " has the extension: it is not there yet");
    if (!look.cluster().availableExtensions().containsKey(in.extension())) {
      preview.problem(notOnServer(in, look));
    }
    return preview.build();
  }

  private static boolean isEnough(Input in, ExtensionState state) {
    return state.has(in.version()) && !isElsewhere(in, state);
  }

  private static boolean isElsewhere(Input in, ExtensionState state) {
    return state.installed().isPresent()
        && in.schema().isPresent()
        && !state.schema().equals(in.schema());
  }

  private static Optional<Problem> problem(
      Input in, String database, ExtensionState state, Look look) {
    if (isElsewhere(in, state)) {
      return Optional.of(
          Problem.of(
              "%s is in schema %s of %s"
                  .formatted(in.extension(), state.schema().orElse("?"), database),
              "ALTER EXTENSION %s SET SCHEMA %s, where it can be moved"
                  .formatted(quoted(in), Identifiers.quote(in.schema().orElseThrow()))));
    }
    if (state.standard().isEmpty()) {
      return Optional.of(notOnServer(in, look));
    }
    var best = state.best(in.version());
    if (best.isEmpty()) {
      return Optional.of(tooOld(in, state, look));
    }
    if (!state.missing().isEmpty()) {
      return Optional.of(
          Problem.of(
              in.extension() + " requires " + String.join(", ", state.missing()),
              "put a step postgres.extension for it before this one"));
    }
    return state.allowed() && (state.installed().isEmpty() || state.owned())
        ? Optional.empty()
        : Optional.of(notAllowed(in, database, statement(in, state, best.get()), look));
  }

  private static Problem notOnServer(Input in, Look look) {
    return Problem.of(
        "the server does not have the extension '" + in.extension() + "'",
        "install it there first, in Debian "
            + Packages.ofExtension(in.extension(), look.cluster().server().major()));
  }

  private static Problem tooOld(Input in, ExtensionState state, Look look) {
    var offered = state.standard().orElse("none");
    return Problem.of(
        "the server offers %s %s, and at least %s is needed"
            .formatted(in.extension(), offered, in.version().orElse("any")),
        "install a newer one on the server, in Debian "
            + Packages.ofExtension(in.extension(), look.cluster().server().major()));
  }

  private static Problem notAllowed(Input in, String database, String statement, Look look) {
    return Problem.of(
        "role %s may not create or update the extension %s in %s"
            .formatted(look.cluster().server().user(), in.extension(), database),
        "as a superuser, in database " + Identifiers.quote(database) + ": " + statement);
  }

  /** Without a version where the server's own choice is right: so people write it, too. */
  private static String statement(Input in, ExtensionState state, String version) {
    if (state.installed().isPresent()) {
      return "ALTER EXTENSION " + quoted(in) + " UPDATE TO " + Literals.quote(version);
    }
    var schema = in.schema().map(it -> " SCHEMA " + Identifiers.quote(it)).orElse("");
    var which =
        state.standard().equals(Optional.of(version)) ? "" : " VERSION " + Literals.quote(version);
    return "CREATE EXTENSION " + quoted(in) + schema + which;
  }

  private static String quoted(Input in) {
    return Identifiers.quote(in.extension());
  }

  private static Late<String> database(Input in, Look look) {
    return in.database().orElseGet(() -> Late.known(look.target().database()));
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) throws StepFailed {
    if (earlier.isPresent()) {
      return earlier.get(); // nothing of it was done, and only the first look saw the time before
    }
    var name = database(in, look).get();
    var state = ExtensionState.of(look.cluster(), name, in.extension());
    if (isEnough(in, state)) {
      return new Intent(name, in.extension(), false, Optional.empty());
    }
    var problem = problem(in, name, state, look);
    if (problem.isPresent()) {
      throw new StepFailed(problem.get().what(), problem.get().hint(), null);
    }
    var statement = statement(in, state, state.best(in.version()).orElseThrow());
    return new Intent(name, in.extension(), state.installed().isEmpty(), Optional.of(statement));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    if (intent.statement().isPresent()) {
      var sql = intent.statement().get();
      act.log().line(sql + "  -- in " + intent.database());
      try {
        act.cluster().execute(intent.database(), sql);
      } catch (PostgresException e) {
        throw Statements.failed(act, sql, e);
      }
    }
    var state = ExtensionState.of(act.cluster(), intent.database(), intent.extension());
    if (!isEnough(in, state)) {
      throw new StepFailed(
          "%s in %s is now: %s, in schema %s"
              .formatted(
                  intent.extension(),
                  intent.database(),
                  state.installed().orElse("not there"),
                  state.schema().orElse("none")),
          "somebody else has changed it: run it again");
    }
    return output(intent, state);
  }

  private static Output output(Intent intent, ExtensionState state) {
    var change = intent.created() ? "created" : intent.statement().isPresent() ? "updated" : "none";
    return new Output(intent.extension(), state.installed().orElse(""), change);
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    var state = ExtensionState.of(look.cluster(), intent.database(), intent.extension());
    return isEnough(in, state)
        ? new Observed.Done<>(output(intent, state))
        : new Observed.NotDone<>();
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    return Optional.of(
        new Call(
            "postgres.drop_extension",
            Map.of(
                "database", "${step.intent.database}",
                "extension", "${step.intent.extension}",
                "created", "${step.intent.created}")));
  }
}
