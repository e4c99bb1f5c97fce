package pgrunbook.actions;

import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Late;

/**
 * The database that a step's SQL is for, and what that asks of the step: only what the run itself
 * has made may be changed without a word about the way back.
 */
record SqlDatabase(Late<String> name, Look look) {
  /** The output that a plan is certain of where it knows the name. */
  private static final String OUTPUT = "database";

  static SqlDatabase of(Sql.Input in, Look look) {
    return new SqlDatabase(
        in.database().orElseGet(() -> Late.known(look.target().database())), look);
  }

  String shown() {
    return name.shown();
  }

  /** Whether it is the one that everybody uses. */
  private boolean isEnvironments() {
    return shown().equals(look.target().database());
  }

  /** Whether it is one that this run has made and nobody else knows. */
  private boolean isRunsOwn() {
    var held = look.held();
    return held.contains(new Claim.DatabaseEmpty(shown()))
        || held.contains(new Claim.Restored(shown()))
        || Private.own(look.target().database(), look.run()).contains(shown());
  }

  Effect effect() {
    return isRunsOwn() ? Effect.MUTATING : Effect.DESTRUCTIVE;
  }

  /** Tells the plan what it takes to change that database. */
  void judge(Sql.Input in, Preview.Builder preview) {
    if (name instanceof Late.Known<String>(var known)) {
      preview.foresees(OUTPUT, known);
    }
    if (isRunsOwn()) {
      return;
    }
    if (in.noWayBack().isPresent()) {
      preview.warning("there is no way back: " + in.noWayBack().get());
    } else if (isEnvironments()) {
      preview.needs(new Claim.WayBack(shown()));
    } else {
      preview.problem(
          shown() + " is no database that this run has made, and nothing in it brings it back",
          "say why it may be changed all the same: no_way_back: <reason>");
    }
  }

  /** The name, which may not turn out to be the environment's where the plan could not know it. */
  String checked(Sql.Input in) throws StepFailed {
    var late = in.database().isPresent() && isPlanned() && !look.foreseen().containsKey(OUTPUT);
    if (late && isEnvironments()) {
      throw new StepFailed(
          "'database' turns out to be " + shown() + ", the environment's own",
          "leave 'database' out where that is meant: then the plan says so, and asks");
    }
    if (late && !isRunsOwn() && in.noWayBack().isEmpty()) {
      throw new StepFailed(
          shown() + " is no database that this run has made",
          "say why it may be changed all the same: no_way_back: <reason>");
    }
    return name.get();
  }

  private boolean isPlanned() {
    return look.foreseen().containsKey("sha256");
  }
}
