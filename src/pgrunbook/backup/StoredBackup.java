package pgrunbook.backup;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A backup that lies in a folder, as far as its manifest and a few of its bytes tell.
 *
 * @param manifest empty where there is none, or where it is damaged: then there is a flaw, too
 * @param created by the manifest, else the time of the file
 * @param size of all its files, in bytes
 * @param flaw why its manifest is not believed
 */
public record StoredBackup(
    Path path,
    Format format,
    Optional<Manifest> manifest,
    Instant created,
    long size,
    Optional<String> flaw) {
  /**
   * Backups with these labels hold what somebody was about to take away, and are never what is
   * restored by default; one with <code>pre-migrate</code> holds a state that was in order.
   */
  private static final List<String> WAYS_BACK = List.of("pre-restore", "pre-undo");

  private static final String TIME = "-\\d{8}T\\d{6}Z";
  private static final Pattern OURS = Pattern.compile("(.+)-([^-]+)" + TIME + "[-.].*");

  public String name() {
    return String.valueOf(path.getFileName());
  }

  /** Whether it was made so that something can be taken back. */
  public boolean isWayBack() {
    return WAYS_BACK.stream()
        .anyMatch(label ->
            manifest.filter(known -> known.label().equals(label)).isPresent()
                || name().contains("-" + label + "."));
  }

  /** The labels of ways back, for a message. */
  public static String waysBack() {
    return String.join(" or ", WAYS_BACK);
  }

  /**
   * The environment that it is of; by its name where the manifest says nothing, and nothing where
   * somebody else has named it.
   */
  public Optional<String> environment() {
    var named = OURS.matcher(name());
    return manifest
        .flatMap(Manifest::environment)
        .or(() -> named.matches() ? Optional.of(named.group(2)) : Optional.empty());
  }

  /** Whether it may be a backup of that environment: nothing says that it is another's. */
  public boolean mayBeOf(String environment) {
    var known = manifest.flatMap(Manifest::environment);
    if (known.isPresent()) {
      return known.get().equals(environment);
    }
    var mark = "-" + Pattern.quote(inName(environment)) + TIME + "[-.].*";
    return !OURS.matcher(name()).matches() || name().matches(".+" + mark);
  }

  /**
   * Whether pgrunbook made it, of that environment and that database of that server. Where the
   * manifest names no environment, all of its name has to.
   */
  public boolean isOf(String environment, String database, String systemIdentifier) {
    var source = manifest.map(Manifest::source);
    if (source
        .filter(it -> it.name().equals(database) && it.systemIdentifier().equals(systemIdentifier))
        .isEmpty()) {
      return false;
    }
    var ours =
        Pattern.quote(databaseInName(database) + "-" + inName(environment)) + TIME + "[-.].*";
    return manifest.flatMap(Manifest::environment).isPresent()
        ? OURS.matcher(name()).matches() && mayBeOf(environment)
        : name().matches(ours);
  }

  /**
   * Why nobody can say that it is still as it was when it was read back after it had been written;
   * nothing where the manifest says so and the sizes are the same. Only reading it proves more.
   */
  public Optional<String> doubt() {
    if (flaw.isPresent() || manifest.isEmpty()) {
      return flaw.or(() -> Optional.of("it has no manifest"));
    }
    var then = manifest.get().files().stream().mapToLong(BackupFile::size).sum();
    if (manifest.get().format() != format) {
      return Optional.of("its manifest is about another backup");
    }
    return then == size
        ? Optional.empty()
        : Optional.of("it has " + size + " bytes, and its manifest says " + then);
  }

  /** A database as names of backups spell it. */
  public static String databaseInName(String database) {
    return database.replaceAll("[^A-Za-z0-9_.‹›-]", "_").replaceFirst("^[.-]", "_");
  }

  /** An environment as names of backups spell it. */
  public static String inName(String environment) {
    return environment.replaceAll("[^A-Za-z0-9_-]", "_");
  }
}
