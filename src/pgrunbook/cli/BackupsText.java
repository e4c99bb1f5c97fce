package pgrunbook.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import pgrunbook.backup.StoredBackup;
import pgrunbook.environment.Environment;
import pgrunbook.text.Bytes;

/** The list of backups for people. */
final class BackupsText {
  private BackupsText() {}

  static List<String> lines(Project project, Shelf.Looked looked) {
    var lines = new ArrayList<String>();
    var names = looked.shelf().environments().stream().map(Environment::name).toList();
    lines.add(
        "%s, of %s: %s"
            .formatted(
                shown(project, looked), String.join(", ", names), count(looked.backups().size())));
    looked.backups().forEach(backup -> lines.addAll(lines(backup)));
    looked
        .unusable()
        .forEach(it ->
            lines.add("  no backup: " + it.path().getFileName() + ": " + it.problem().what()));
    looked
        .unfinished()
        .forEach(part ->
            lines.add("  unfinished: " + part.getFileName() + ", being written or left behind"));
    if (looked.ofOthers() > 0) {
      lines.add("  and " + looked.ofOthers() + " of other environments");
    }
    return lines;
  }

  private static String count(int backups) {
    return switch (backups) {
      case 0 -> "no backups";
      case 1 -> "1 backup";
      default -> backups + " backups";
    };
  }

  private static String shown(Project project, Shelf.Looked looked) {
    var folder = looked.shelf().folder();
    return folder.startsWith(project.folder())
        ? project.folder().relativize(folder).toString()
        : folder.toString();
  }

  private static List<String> lines(Shelf.Shown shown) {
    var backup = shown.backup();
    var first =
        "  %s%s"
            .formatted(
                backup.name(),
                shown.latestOf().isEmpty()
                    ? ""
                    : "  <- latest of " + String.join(", ", shown.latestOf()));
    var second =
        "      %s, %s, %s old, %s%s; %s"
            .formatted(
                backup.environment().orElse("environment unknown"),
                backup.format().name().toLowerCase(Locale.ROOT),
                age(shown.age()),
                Bytes.shown(backup.size()),
                label(backup),
                trust(shown.trust()));
    return List.of(first, second);
  }

  private static String label(StoredBackup backup) {
    return backup.isWayBack()
        ? ", a way back"
        : backup
            .manifest()
            .map(it -> it.label())
            .filter(it -> !it.isEmpty())
            .map(it -> ", " + it)
            .orElse("");
  }

  /** The two largest units that count. */
  private static String age(Duration age) {
    if (age.toDays() > 0) {
      return age.toDays() + " d " + age.toHoursPart() + " h";
    } else if (age.toHours() > 0) {
      return age.toHours() + " h " + age.toMinutesPart() + " min";
    }
    return age.toMinutes() > 0 ? age.toMinutes() + " min" : Math.max(0, age.toSeconds()) + " s";
  }

  /** What is known, in a few words. */
  static String trust(Shelf.Trust trust) {
    return switch (trust) {
      case Shelf.Trust.ReadNow(var note) ->
          "verified now" + note.map(what -> " (" + what + ")").orElse("");
      case Shelf.Trust.ReadThen _ -> "verified when it was made, sizes unchanged";
      case Shelf.Trust.Never(var why) -> "not verified: " + why;
      case Shelf.Trust.Damaged(var why) -> "DAMAGED: " + why;
      case Shelf.Trust.Unchecked(var why) -> why;
    };
  }
}
