package pgrunbook.actions;

import java.util.List;
import pgrunbook.action.Act;
import pgrunbook.action.StepFailed;
import pgrunbook.postgres.PostgresException;

/** The run's private database, which nobody else uses and which may be made anew. */
record PrivateDatabase(String name, Act act) {

  /**
   * Takes everything out of it, by making it anew with the same properties; its oid is another. At
   * every moment a whole database has the name.
   */
  void makeAnew() throws StepFailed, InterruptedException {
    var target = act.target().database();
    if (!Private.belongsTo(name, target, act.run())) {
      throw new StepFailed(
          "the database '" + name + "' is not empty, and it is not the private one of this run",
          "restore into the database that postgres.recreate or postgres.create makes");
    }
    var again = Private.again(target, act.run());
    var replaced = Private.replaced(target, act.run());
    try {
      Private.dropIfThere(act, replaced);
      if (act.cluster().database(name).isPresent()) {
        replaceBy(again, replaced);
      } else if (act.cluster().database(again).isPresent()) {
        Statements.execute(act, List.of(Private.rename(again, name)));
      } else {
        throw new StepFailed(
            "the database '" + name + "' is not there", "roll back, then start a new run");
      }
    } catch (PostgresException e) {
      throw OnDatabase.failed(e);
    }
  }

  private void replaceBy(String again, String replaced) throws StepFailed, InterruptedException {
    Private.dropIfThere(act, again);
    var facts =
        act.cluster()
            .database(name)
            .orElseThrow(() -> new StepFailed("the database '" + name + "' is gone"));
    Statements.execute(act, Private.creating(act.cluster(), facts, again));
    if (!facts.invalid()) {
      Private.ended(act, name);
    }
    Statements.executeAsOne(
        act, List.of(Private.rename(name, replaced), Private.rename(again, name)));
    Private.dropIfThere(act, replaced);
  }
}
