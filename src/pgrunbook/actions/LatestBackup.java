package pgrunbook.actions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Target;
import pgrunbook.backup.Formats;
import pgrunbook.backup.Manifests;
import pgrunbook.backup.Recognised;
import pgrunbook.text.Problems;

/** Finds out which backup <code>latest</code> means. */
public final class LatestBackup {
  /** Backups with this label are ways back and never what somebody wants to restore by default. */
  static final String WAY_BACK = "pre-restore";

  static final String PART = ".part";
  private static final String MANIFEST = ".manifest.json";

  private LatestBackup() {}

  /**
   * The newest backup.
   *
   * @param why it was chosen, in a few words
   */
  record Choice(BackupPath backup, String why) {}

  private record Candidate(Path path, Instant created, boolean byManifest, boolean wayBack) {
    String by() {
      return byManifest ? "its manifest" : "the time of its file";
    }
  }

  static Optional<Choice> in(Target target) throws IOException {
    var all = candidates(target.backups());
    var waysBack = all.stream().filter(Candidate::wayBack).count();
    var others = all.stream().filter(candidate -> !candidate.wayBack()).toList();
    return others.stream()
        .max(Comparator.comparing(Candidate::created).thenComparing(Candidate::path))
        .map(newest ->
            new Choice(BackupPath.of(target, newest.path()), why(newest, others.size(), waysBack)));
  }

  /**
   * What <code>latest</code> would mean today.
   *
   * @param hasManifest whether its content can be proven
   */
  public record Newest(Path path, Instant created, boolean hasManifest) {}

  /** The newest backup of a folder, those that are ways back left out. */
  public static Optional<Newest> newest(Path folder) throws IOException {
    return candidates(folder).stream()
        .filter(candidate -> !candidate.wayBack())
        .max(Comparator.comparing(Candidate::created).thenComparing(Candidate::path))
        .map(it -> new Newest(it.path(), it.created(), it.byManifest()));
  }

  private static String why(Candidate newest, int among, long waysBack) {
    var leftOut = waysBack == 0 ? "" : "; " + waysBack + " " + WAY_BACK + " left out";
    return "the newest of " + among + ", by " + newest.by() + leftOut;
  }

  /** Names of what could be a backup in a folder; none where there is no folder. */
  static List<String> names(Path folder) throws IOException {
    return paths(folder).stream().map(path -> path.getFileName().toString()).sorted().toList();
  }

  private static List<Candidate> candidates(Path folder) throws IOException {
    var found = new ArrayList<Candidate>();
    for (var path : paths(folder)) {
      if (Formats.recognise(path) instanceof Recognised.Backup) {
        found.add(candidate(path));
      }
    }
    return found;
  }

  private static Candidate candidate(Path path) throws IOException {
    var manifest = Manifests.read(Manifests.beside(path), new Problems());
    var created =
        manifest.isPresent()
            ? manifest.get().created()
            : Files.getLastModifiedTime(path).toInstant();
    var wayBack =
        manifest.map(known -> known.label().equals(WAY_BACK)).orElse(false)
            || path.getFileName().toString().contains("-" + WAY_BACK + ".");
    return new Candidate(path, created, manifest.isPresent(), wayBack);
  }

  private static List<Path> paths(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var all = Files.list(folder)) {
      return all.filter(LatestBackup::mayBeBackup).toList();
    }
  }

  private static boolean mayBeBackup(Path path) {
    var name = path.getFileName().toString();
    return !name.startsWith(".") && !name.endsWith(PART) && !name.endsWith(MANIFEST);
  }
}
