package pgrunbook.actions;

import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.backup.Examination;
import pgrunbook.backup.Manifest;
import pgrunbook.backup.SourceDatabase;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.Literals;

/** Whether what a backup holds can become a database like the one in use. */
record ContentFit(Preview.Builder preview, Look look, Examination examination) {
  /** An encoding that takes every byte for a character and refuses none. */
  private static final String UNCHECKED = "SQL_ASCII";

  void compare() {
    var contents = examination.contents();
    if (contents.rows() > 0 && !contents.defines()) {
      preview.problem(
          "the backup holds rows and creates no table for them",
          "it was made with --data-only: an empty database takes a whole dump only");
    }
    if (contents.rows() == 0) {
      preview.warning("the backup holds not a single row: was it made with --schema-only?");
    }
    look.cluster().database(look.target().database()).ifPresent(this::encoding);
  }

  /** A restored database has the encoding of the one that it replaces. */
  private void encoding(DatabaseFacts current) {
    var to = current.encoding();
    var from =
        examination
            .manifest()
            .map(Manifest::source)
            .map(SourceDatabase::encoding)
            .or(examination.contents()::encoding)
            .orElse(to);
    if (from.equals(to)) {
      return;
    }
    var what = "the backup is encoded in " + from + ", and " + current.name() + " in " + to;
    if (to.equals(UNCHECKED)) {
      preview.problem(
          what + ": it would take every byte unchecked",
          "make it anew: CREATE DATABASE %s TEMPLATE template0 ENCODING %s"
              .formatted(Identifiers.quote(current.name()), Literals.quote(from)));
    } else {
      preview.warning(what + ": what that can't express fails");
    }
  }
}
