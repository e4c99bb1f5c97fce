package pgrunbook.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import pgrunbook.difference.Change;
import pgrunbook.difference.Draft;
import pgrunbook.migration.NewMigration;

/**
 * What the two files of a new migration say.
 *
 * @param description as it was given
 * @param origin what the statements come from; empty where a person writes them
 */
record MigrationText(NewMigration migration, String description, String origin, Instant now) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT);

  /** The V file of a migration that a person writes. */
  String forward() {
    return top(description, "Undo: " + migration.undoScript()) + "\n";
  }

  /** The U file of a migration that a person writes. */
  String back() {
    return top("Takes back " + migration.script(), "Write here what undoes it, last change first.")
        + "\n";
  }

  String forward(Draft draft) {
    return top(description, "Undo: " + migration.undoScript())
        + verified(draft)
        + statements(draft.forward());
  }

  String back(Draft draft) {
    return top("Takes back " + migration.script(), "Rows that are dropped do not come back.")
        + verified(draft)
        + statements(draft.back());
  }

  private String top(String first, String last) {
    var made = "Made " + TIME.format(now.atOffset(ZoneOffset.UTC));
    return comment(first)
        + comment(origin.isEmpty() ? made : made + " from " + origin)
        + comment(last);
  }

  private static String verified(Draft draft) {
    if (draft.uncovered().isEmpty()) {
      return comment("Tried on a copy, forward, back and forward again: no difference was left.");
    }
    var text = new StringBuilder(comment("NOT COMPLETE. The trial on a copy has shown:"));
    draft.uncovered().forEach(it -> text.append(comment("  " + it)));
    return text.toString();
  }

  /** The statements, each under what there is to say about it. */
  static String statements(List<Change> changes) {
    var text = new StringBuilder();
    for (var change : changes) {
      text.append('\n');
      change.danger().ifPresent(it -> text.append(comment("DANGEROUS: " + it)));
      change.notes().forEach(it -> text.append(comment("NOTE: " + it)));
      text.append(change.sql()).append(";\n");
    }
    return text.toString();
  }

  private static String comment(String text) {
    return "-- " + text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ") + "\n";
  }
}
