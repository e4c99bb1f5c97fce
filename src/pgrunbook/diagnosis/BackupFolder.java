package pgrunbook.diagnosis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import pgrunbook.actions.LatestBackup;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.text.Bytes;
import pgrunbook.text.Durations;

/**
 * Whether backups can be written, read, and are there.
 *
 * @param databaseBytes how much the database holds, where that is known
 */
record BackupFolder(Patient patient, Optional<Long> databaseBytes) {
  private Path folder() {
    return patient.environment().backups().dir();
  }

  private Folder access() {
    return new Folder(folder(), "backups lie", patient.masking());
  }

  List<Finding> look() {
    var findings = new ArrayList<Finding>();
    findings.add(access().writable());
    findings.add(
        access()
            .room(
                databaseBytes.orElse(0L),
                databaseBytes.map(it -> ", the database holds " + Bytes.shown(it)).orElse("")));
    if (Files.isDirectory(folder())) {
      foreign().ifPresent(findings::add);
      findings.add(newest());
    }
    return findings;
  }

  /** Files that this user can't read are no backups to him. */
  private Optional<Finding> foreign() {
    try (Stream<Path> files = Files.list(folder())) {
      var unreadable = files.filter(file -> !Files.isReadable(file)).sorted().toList();
      return unreadable.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Trouble(
                  "permission denied: %s, of %s, can't be read by %s%s"
                      .formatted(
                          unreadable.getFirst(),
                          Folder.owner(unreadable.getFirst()),
                          Folder.user(),
                          unreadable.size() == 1
                              ? ""
                              : ", nor can " + (unreadable.size() - 1) + " more"),
                  access()
                      .mine(
                          Folder.owner(unreadable.getFirst()).equals(Folder.user())
                              ? unreadable.getFirst()
                              : folder())));
    } catch (IOException e) {
      return Optional.of(new CouldNotCheck("what lies in " + folder(), String.valueOf(e)));
    }
  }

  private Finding newest() {
    try {
      var newest = LatestBackup.newest(folder(), patient.environment().name());
      if (newest.isEmpty()) {
        return new Trouble(
            "there is no backup in "
                + folder()
                + " that could be "
                + patient.environment().name()
                + "'s",
            backUp());
      }
      var age = Durations.shown(Duration.between(newest.get().created(), Instant.now()));
      var name = newest.get().name();
      return newest.get().manifest().isPresent()
          ? new Fine("the newest backup, " + name + ", is " + age + " old, and has its manifest")
          : new Trouble(
              "the newest backup, "
                  + name
                  + ", "
                  + age
                  + " old, has no manifest: its content can't be proven",
              backUp());
    } catch (IOException | java.io.UncheckedIOException e) {
      return new CouldNotCheck("the newest backup", String.valueOf(e.getMessage()));
    }
  }

  private String backUp() {
    var name = patient.environment().name();
    var own = "backup-" + name;
    return patient.called(
        Files.exists(patient.project().resolve("runbooks/" + own + ".yaml"))
            ? "run " + own
            : "run backup-prod --env " + name);
  }
}
