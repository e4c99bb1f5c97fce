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
import pgrunbook.process.ChildCommand;
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

  List<Finding> look() {
    var findings = new ArrayList<Finding>();
    findings.add(writable());
    room().ifPresent(findings::add);
    if (Files.isDirectory(folder())) {
      foreign().ifPresent(findings::add);
      findings.add(newest());
    }
    return findings;
  }

  private Finding writable() {
    var there = existing(folder());
    if (Files.exists(folder()) && !Files.isDirectory(folder())) {
      return new Trouble(
          folder() + " is no folder", "name another one: backups.dir in the environment");
    }
    if (Files.isWritable(there) && Files.isExecutable(there)) {
      return new Fine(
          there.equals(folder())
              ? folder() + " can be written"
              : folder() + " is not there yet, and can be made");
    }
    return new Trouble(
        "permission denied: " + there + ", of " + owner(there) + ", can't be written by " + user(),
        mine(there));
  }

  /** Root's files come from containers that ran as root in a folder of this machine. */
  private String mine(Path path) {
    return ChildCommand.of(
            owner(path).equals(user())
                ? List.of("chmod", "-R", "u+rwX", path.toString())
                : List.of("sudo", "chown", "-R", user(), path.toString()))
        .shown(patient.masking());
  }

  private static String user() {
    return System.getProperty("user.name");
  }

  private static String owner(Path path) {
    try {
      return Files.getOwner(path).getName();
    } catch (IOException _) {
      return "somebody else";
    }
  }

  private static Path existing(Path folder) {
    var at = folder;
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }

  private Optional<Finding> room() {
    try {
      var free = Files.getFileStore(existing(folder())).getUsableSpace();
      var what = Bytes.shown(free) + " are free where backups lie";
      if (databaseBytes.isEmpty()) {
        return Optional.of(new Fine(what));
      }
      var all = what + ", the database holds " + Bytes.shown(databaseBytes.get());
      return Optional.of(
          free >= databaseBytes.get()
              ? new Fine(all)
              : new Trouble(all, "see what takes the space: du -sh " + folder() + "/*"));
    } catch (IOException e) {
      return Optional.of(
          new CouldNotCheck("free space for backups", String.valueOf(e.getMessage())));
    }
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
                          owner(unreadable.getFirst()),
                          user(),
                          unreadable.size() == 1
                              ? ""
                              : ", nor can " + (unreadable.size() - 1) + " more"),
                  mine(
                      owner(unreadable.getFirst()).equals(user())
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
