package pgrunbook.migration;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import pgrunbook.environment.MigrationSettings;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;

/**
 * The migrations of a folder, in the order of their versions, as they were read once: what is shown
 * is what runs.
 *
 * @param shown the folder, as a message says it
 * @param problems what is wrong with files; with any, nothing should be applied
 */
public record Migrations(Path folder, String shown, List<Migration> all, List<Problem> problems) {
  public Migrations {
    all = all.stream().sorted((a, b) -> a.version().compareTo(b.version())).toList();
    problems = List.copyOf(problems);
  }

  /** Reads an environment's folder; that it is missing is one of the problems. */
  public static Migrations read(MigrationSettings settings) {
    return MigrationFolder.read(settings.dir(), settings.shown());
  }

  /** Reads any folder. */
  public static Migrations read(Path folder) {
    return MigrationFolder.read(folder, folder.toString());
  }

  public Optional<Migration> find(Version version) {
    return all.stream().filter(it -> it.version().equals(version)).findFirst();
  }

  /** Those after a version up to another, in the order in which they are applied. */
  public List<Migration> between(Optional<Version> after, Optional<Version> upTo) {
    return all.stream()
        .filter(it -> after.isEmpty() || it.version().compareTo(after.get()) > 0)
        .filter(it -> upTo.isEmpty() || it.version().compareTo(upTo.get()) <= 0)
        .toList();
  }

  /** Some of them. */
  public Migrations only(Predicate<Migration> wanted) {
    return new Migrations(folder, shown, all.stream().filter(wanted).toList(), problems);
  }

  public Optional<Version> newest() {
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast().version());
  }

  /** The versions, for a hint. */
  public Stream<String> versions() {
    return all.stream().map(it -> it.version().toString());
  }

  /**
   * These, where there is nothing wrong with them.
   *
   * @throws InvalidInput with every problem
   */
  public Migrations orThrow() {
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    return this;
  }
}
