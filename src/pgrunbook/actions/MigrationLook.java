package pgrunbook.actions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Late;
import pgrunbook.migration.History;
import pgrunbook.migration.Migration;
import pgrunbook.migration.MigrationState;
import pgrunbook.migration.Migrations;
import pgrunbook.migration.Odd;
import pgrunbook.migration.Version;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;

/** The migrations of a step's target: the files, the history, and where they stand. */
record MigrationLook(String database, Migrations files, History history, MigrationState state) {
  /** How a database is named that has no version: nothing was applied. */
  static final String BASE = "base";

  /** A backup holds its moment, and nobody is kept from writing. */
  static final String WRITTEN_MEANWHILE =
      "what is written to it after the backup is in no backup: stop who writes first";

  static Late<String> database(Optional<Late<String>> given, Look look) {
    return given.orElseGet(() -> Late.known(look.target().database()));
  }

  static MigrationLook at(String database, Look look) {
    var settings = look.target().migrations();
    var files = Migrations.read(settings);
    var history = History.read(look.cluster(), database, settings);
    return new MigrationLook(database, files, history, MigrationState.of(files, history));
  }

  /** Looks for a preview, which is told why there is nothing to be seen, where that is so. */
  static Optional<MigrationLook> preview(
      Optional<Late<String>> given, Look look, Preview.Builder preview) {
    if (!(database(given, look) instanceof Late.Known<String>(var name))) {
      preview.unknown("where the migrations stand: the database is made by an earlier step");
      return Optional.empty();
    }
    if (look.cluster().database(name).isEmpty()) {
      preview.problem("there is no database " + name, "create it first, or check the name");
      return Optional.empty();
    }
    var seen = at(name, look);
    seen.files.problems().forEach(preview::problem);
    return Optional.of(seen);
  }

  /** A history that the role can't write is a problem now, and not after the backup. */
  void mayWriteHistory(Look look, Preview.Builder preview) {
    new Rights(look, preview).history(database, history.schema(), history.table());
  }

  /** Everything that is odd, as problems. */
  List<Problem> odd() {
    return state.odd().stream().map(Odd::problem).toList();
  }

  /** The version now, as people say it. */
  String current() {
    return state.current().map(Version::toString).orElse(BASE);
  }

  /** Refuses to go on from files or a history that are odd. */
  void refuseOdd() throws StepFailed {
    var problems = new ArrayList<>(files.problems());
    problems.addAll(odd());
    if (!problems.isEmpty()) {
      throw failed(problems.getFirst());
    }
  }

  static StepFailed failed(Problem problem) {
    var where = problem.at().isKnown() ? problem.at() + ": " : "";
    return new StepFailed(where + problem.what(), problem.hint(), null);
  }

  static StepFailed failed(InvalidInput e) {
    return failed(e.problems().getFirst());
  }

  /** A lost connection leaves open what became of it. */
  static StepFailed failed(PostgresException e) {
    if (!OneStatement.isRolledBack(e)) {
      throw e;
    }
    return new StepFailed(e.problem().what(), e.problem().hint(), e);
  }

  /** What is said of a file that would commit by itself what has to hold or fall as a whole. */
  static Problem endsTransaction(MigrationLook seen, String script, String statement) {
    return Problem.of(
        "%s/%s, %s: the file runs in one transaction and must not end or begin it"
            .formatted(seen.files.shown(), script, statement),
        "write it without BEGIN, COMMIT and ROLLBACK");
  }

  static Problem notAlone(MigrationLook seen, String script, String statement) {
    return Problem.of(
        "%s/%s, %s … can't be in a transaction, and other statements of the file are in one"
            .formatted(seen.files.shown(), script, statement),
        "write a migration of its own for it");
  }

  static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  static List<String> identities(List<Migration> migrations) {
    return migrations.stream().map(Migration::identity).toList();
  }
}
