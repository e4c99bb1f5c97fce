package pgrunbook.migration;

import java.util.List;
import java.util.Optional;
import pgrunbook.postgres.Identifiers;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;

/** Something in which the files and a database's history do not agree, named with file or row. */
public sealed interface Odd {
  /** A file is not any more what was applied. */
  record Changed(String folder, Migration file, HistoryRow row) implements Odd {}

  /** Flyway refuses a file whose name says another description than the one that was applied. */
  record Renamed(String folder, Migration file, HistoryRow row) implements Odd {}

  /** What was applied has no file. */
  record Missing(String folder, HistoryRow row) implements Odd {}

  /** What was applied has no file, and is newer than all files. */
  record Newer(String folder, HistoryRow row) implements Odd {}

  /** A migration that can't be rolled back by itself has failed half-way. */
  record Failed(HistoryRow row) implements Odd {}

  /** A file is pending although a newer one was applied. */
  record OutOfOrder(String folder, Migration file, Version current) implements Odd {}

  /** The schema has tables, but no history. */
  record NotAdopted(String schema, String table, long objects, List<String> otherTools)
      implements Odd {}

  /** The schema that the environment names, or the role's own, is not there. */
  record NoSchema(String schema) implements Odd {}

  /** Where it is, what it is, and what mends it. */
  default Problem problem() {
    return switch (this) {
      case Changed(var folder, var file, var row) ->
          at(
              folder,
              file.script(),
              "it was changed after it was applied: checksum %d, in %s of the history %s"
                  .formatted(file.checksum(), row.shown(), row.checksum().orElse(0)),
              "put the file back as it was and write a new migration;"
                  + " if it does the same, 'stamp' the version that the database is at");
      case Renamed(var folder, var file, var row) ->
          at(
              folder,
              file.script(),
              "it was applied under another name: %s of the history, %s of type %s"
                  .formatted(row.shown(), row.script(), row.type()),
              "give the file its old name back, or 'stamp' the version that the database is at");
      case Missing(var folder, var row) ->
          Problem.of(
              row.shown() + " of the history has no file " + row.script() + " in " + folder,
              "bring the file back from version control, or 'stamp' an earlier version");
      case Newer(var folder, var row) ->
          Problem.of(
              row.shown() + " of the history is newer than all files in " + folder,
              "these files are older than the database: check out the version that was deployed");
      case Failed(var row) ->
          Problem.of(
              row.shown() + " of the history failed half-way",
              "look what it has left, mend it by hand, then 'stamp' the version that holds");
      case OutOfOrder(var folder, var file, var current) ->
          at(
              folder,
              file.script(),
              "it was never applied, but the database is at " + current + " already",
              "give it a version after " + current + ", as it will be applied after that one");
      case NoSchema(var schema) ->
          Problem.of(
              "there is no schema " + schema + " for the migrations and their history",
              "CREATE SCHEMA "
                  + Identifiers.quote(schema)
                  + ", as the role that migrates, or correct migrations.schema");
      case NotAdopted(var schema, var table, var objects, var otherTools) ->
          Problem.of(
              "schema %s has %d objects but no history (%s)%s"
                  .formatted(
                      schema,
                      objects,
                      table,
                      otherTools.isEmpty()
                          ? ""
                          : "; another tool's table is there: " + String.join(", ", otherTools)),
              "'migration adopt' takes it over as it is, or 'stamp' the version that it is at");
    };
  }

  private static Problem at(String folder, String script, String what, String hint) {
    return new Problem(Place.in(folder + "/" + script), what, Optional.of(hint));
  }
}
