package pgrunbook.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Acts;
import pgrunbook.action.Look;
import pgrunbook.action.RunTag;
import pgrunbook.action.StepLog;
import pgrunbook.action.StepPath;
import pgrunbook.process.Deadline;

/** Gives the tasks of one run their looks at the world and their holds on it. */
record Scene(Acts acts, RunFolder folder, Watcher watcher) {
  Look look(Task task) {
    return acts.look(tag(task.path()), task.held(), task.foreseen(), watcher.progress());
  }

  Act act(Task task, Deadline deadline, StepLog log) {
    return acts.act(
        tag(task.path()), task.held(), task.foreseen(), watcher.progress(), log, deadline);
  }

  /** A hold for what is no step. */
  Act act(StepPath path) {
    return acts.act(tag(path), List.of(), Map.of(), watcher.progress(), _ -> {}, Deadline.none());
  }

  private RunTag tag(StepPath path) {
    return new RunTag(Optional.of(folder.id()), path);
  }
}
