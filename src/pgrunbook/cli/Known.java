package pgrunbook.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import pgrunbook.engine.RunFolder;
import pgrunbook.journal.JournalException;
import pgrunbook.journal.JournalFile;
import pgrunbook.journal.RunState;
import pgrunbook.text.Closest;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.text.Refused;

/**
 * A run of the project and what its journal adds up to.
 *
 * @param torn bytes of an unfinished last line of the journal
 */
record Known(RunFolder folder, RunState state, long torn) {

  static Known of(RunFolder folder) {
    var state = new RunState();
    var file = JournalFile.read(folder.journal(), state::take);
    return new Known(folder, state, file.torn());
  }

  /**
   * All runs, oldest first.
   *
   * @throws JournalException where one can't be read: it may be an unfinished one
   */
  static List<Known> all(Project project) {
    return all(
        project,
        e -> {
          throw e;
        });
  }

  /** The same, with runs that can't be read left to somebody else. */
  static List<Known> all(Project project, Consumer<JournalException> unreadable) {
    var all = new ArrayList<Known>();
    for (var folder : RunFolder.all(project.runs())) {
      try {
        if (!folder.isGivenUp()) {
          all.add(of(folder));
        }
      } catch (JournalException e) {
        unreadable.accept(e);
      }
    }
    all.removeIf(run -> run.state().created().isEmpty()); // ended before it had begun
    return all;
  }

  /** Those that still have to be resumed, rolled back or abandoned. */
  static List<Known> open(Project project) {
    var open = new ArrayList<Known>();
    for (var run : all(project)) {
      if (!run.state().isOver()) {
        open.add(run);
      }
    }
    return open;
  }

  /** The run that is meant: by its id, else the only one that is not over. */
  static Known find(Project project, Optional<String> id) {
    if (id.isPresent()) {
      return byId(project, id.get());
    }
    var open = open(project);
    return switch (open.size()) {
      case 1 -> open.getFirst();
      case 0 ->
          throw new Refused(
              "no run is unfinished",
              "'runs' lists those that are over; one of them has to be named");
      default ->
          throw new Refused(
              open.size() + " runs are unfinished",
              "name one: " + String.join(", ", open.stream().map(Known::id).toList()));
    };
  }

  private static Known byId(Project project, String id) {
    var ids = RunFolder.all(project.runs()).stream().map(RunFolder::id).toList();
    if (!ids.contains(id)) {
      throw new InvalidInput(Problem.of("there is no run '" + id + "'", Closest.hint(id, ids)));
    }
    return of(new RunFolder(project.runs().resolve(id)));
  }

  /**
   * Makes sure that no other run on the same target is unfinished.
   *
   * @throws Refused naming it and what can be done with it
   */
  static void refuseOthers(Project project, String systemIdentifier, String database) {
    for (var run : open(project)) {
      if (run.actsOn(systemIdentifier, database)) {
        throw new Refused(
            "run "
                + run.id()
                + " of "
                + run.state().about("runbook")
                + " on "
                + database
                + " is not over ("
                + run.state().status()
                + ")",
            Ended.choices(run.id(), run.state()));
      }
    }
  }

  /** The same for a run that is taken up again after it was done. */
  static void refuseOthers(Project project, Known known) {
    refuseOthers(
        project, known.state().about("system_identifier"), known.state().about("database"));
  }

  String id() {
    return folder.id();
  }

  /** What its environment hides is not shown either where the run is. */
  void learnSecrets(Project project) {
    project.environmentIn(folder.environment(), new Problems());
  }

  boolean actsOn(String systemIdentifier, String database) {
    return state.about("system_identifier").equals(systemIdentifier)
        && state.about("database").equals(database);
  }
}
