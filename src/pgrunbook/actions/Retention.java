package pgrunbook.actions;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import pgrunbook.backup.StoredBackup;

/**
 * Decides which backups may go.
 *
 * @param keep how many of the newest stay; 0 where nobody says
 * @param keepDays how old they may get; 0 where nobody says
 * @param coming how many newer ones there will be by then
 * @param needed names of backups that some run still needs
 */
record Retention(int keep, int keepDays, int coming, Instant now, Set<String> needed) {

  /**
   * A backup, and why it stays.
   *
   * @param why nothing where it goes
   */
  record Decision(StoredBackup backup, Optional<String> why) {
    boolean goes() {
      return why.isEmpty();
    }
  }

  /** Newest first. Without doubt, the newest whose manifest is believed stays. */
  List<Decision> over(List<StoredBackup> backups) {
    var newest =
        backups.stream().sorted(Comparator.comparing(StoredBackup::created).reversed()).toList();
    var verified = newest.stream().filter(backup -> backup.doubt().isEmpty()).findFirst();
    var decisions = new ArrayList<Decision>();
    for (var i = 0; i < newest.size(); i++) {
      var backup = newest.get(i);
      decisions.add(new Decision(backup, why(backup, i + coming, verified)));
    }
    return decisions;
  }

  private Optional<String> why(StoredBackup backup, int newer, Optional<StoredBackup> verified) {
    if (newer < keep) {
      return Optional.of("one of the newest " + keep);
    } else if (keepDays > 0
        && Duration.between(backup.created(), now).compareTo(Duration.ofDays(keepDays)) < 0) {
      return Optional.of("younger than " + keepDays + " days");
    } else if (verified.equals(Optional.of(backup))) {
      return Optional.of("the newest that was verified");
    } else if (verified.isEmpty()) {
      return Optional.of("none was verified");
    }
    return needed.contains(backup.name())
        ? Optional.of("a run that is not over names it")
        : Optional.empty();
  }
}
