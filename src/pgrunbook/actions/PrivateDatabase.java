package pgrunbook.actions;

import java.util.List;
import pgrunbook.action.Act;
import pgrunbook.action.StepFailed;
import pgrunbook.action.Target;
import pgrunbook.postgres.Names;
import pgrunbook.postgres.PostgresException;

/** A database of a run's own, which nobody else uses and which may be made anew. */
record PrivateDatabase(String name, Act act) {
  private static final String MARK = "_restore_";
  private static final String SPARE = "_again";

  /** Whether the name is one that this tool gives to databases of a run. */
  static boolean is(String name, Target target) {
    return !name.equals(target.database()) && name.contains(MARK);
  }

  /** Takes everything out of it, by making it anew with the same properties; its oid is another. */
  void makeAnew() throws StepFailed, InterruptedException {
    if (!is(name, act.target())) {
      throw new StepFailed(
          "the database '" + name + "' is not empty, and it is no private one of a run",
          "restore into the database that postgres.recreate or postgres.create makes");
    }
    try {
      var spare = Names.fitting(name, SPARE);
      if (act.cluster().database(name).isPresent()) {
        makeSpare(spare);
        drop(name);
      } else if (act.cluster().database(spare).isEmpty()) {
        throw new StepFailed(
            "the database '" + name + "' is not there", "roll back, then start a new run");
      }
      Private.execute(act, List.of(Private.rename(spare, name)));
    } catch (PostgresException e) {
      throw OnDatabase.failed(e);
    }
  }

  private void makeSpare(String spare) throws InterruptedException, StepFailed {
    if (act.cluster().database(spare).isPresent()) {
      drop(spare);
    }
    var facts =
        act.cluster()
            .database(name)
            .orElseThrow(() -> new StepFailed("the database '" + name + "' is gone"));
    Private.execute(act, Private.creating(act.cluster(), facts, spare));
  }

  private void drop(String database) throws InterruptedException {
    var facts = act.cluster().database(database);
    if (facts.isPresent()) {
      Private.drop(act, facts.get());
    }
  }
}
