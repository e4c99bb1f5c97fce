package pgrunbook.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a database stands among the files, worked out from both.
 *
 * @param current the newest version that holds; empty where none does
 * @param applied the rows that hold, by rank
 * @param pending the files after the current version, in order
 * @param odd in what files and history disagree; with any, nothing should be applied
 */
public record MigrationState(
    Optional<Version> current, List<HistoryRow> applied, List<Migration> pending, List<Odd> odd) {
  public MigrationState {
    applied = List.copyOf(applied);
    pending = List.copyOf(pending);
    odd = List.copyOf(odd);
  }

  /** Files × history → state. */
  public static MigrationState of(Migrations files, History history) {
    var holding = history.holding();
    var current =
        holding.stream()
            .filter(HistoryRow::success)
            .flatMap(it -> it.version().stream())
            .max(Version::compareTo);
    var odd = new ArrayList<Odd>();
    if (!history.schemaPresent()) {
      odd.add(new Odd.NoSchema(history.schema()));
    }
    if (!history.present() && history.objects() > 0) {
      odd.add(
          new Odd.NotAdopted(
              history.schema(), history.table(), history.objects(), history.otherTools()));
    }
    holding.forEach(row -> oddRow(row, files).ifPresent(odd::add));
    var known = holding.stream().flatMap(it -> it.version().stream()).toList();
    var open = files.all().stream().filter(it -> !known.contains(it.version())).toList();
    current.ifPresent(version -> outOfOrder(files, open, version, baseline(holding), odd));
    return new MigrationState(
        current,
        holding,
        open.stream()
            .filter(it -> current.isEmpty() || it.version().compareTo(current.get()) > 0)
            .toList(),
        odd);
  }

  /**
   * The rows of a history that says that the database is at a version: those that fit the files
   * stay as they are, the others are replaced or left out.
   *
   * @param version empty for a history of nothing
   */
  public List<HistoryRow> stamped(Migrations files, Optional<Version> version) {
    var baseline =
        applied.stream().filter(HistoryRow::isBaseline).flatMap(it -> it.version().stream());
    var from = baseline.max(Version::compareTo);
    if (version.isEmpty() || from.filter(it -> it.compareTo(version.get()) > 0).isPresent()) {
      from = Optional.empty();
    }
    var rows = new ArrayList<HistoryRow>();
    from.flatMap(this::row).ifPresent(rows::add);
    if (version.isPresent()) {
      files.between(from, version).forEach(file -> rows.add(stamped(file)));
    }
    return rows;
  }

  private HistoryRow stamped(Migration file) {
    return row(file.version())
        .filter(it -> it.success() && it.checksum().equals(Optional.of(file.checksum())))
        .filter(it -> it.isNamedAs(file) && it.script().equals(file.script()))
        .orElseGet(() -> HistoryRow.stamped(file));
  }

  /** Whether all files are applied and nothing is odd. */
  public boolean inStep() {
    return pending.isEmpty() && odd.isEmpty();
  }

  /** The row of a version, where one holds. */
  public Optional<HistoryRow> row(Version version) {
    return applied.stream().filter(it -> it.version().equals(Optional.of(version))).findFirst();
  }

  private static Optional<Version> baseline(List<HistoryRow> holding) {
    return holding.stream()
        .filter(HistoryRow::isBaseline)
        .flatMap(it -> it.version().stream())
        .max(Version::compareTo);
  }

  private static Optional<Odd> oddRow(HistoryRow row, Migrations files) {
    if (!row.success()) {
      return Optional.of(new Odd.Failed(row));
    }
    if (row.isBaseline()) {
      return Optional.empty();
    }
    var file = row.version().flatMap(files::find);
    if (file.isPresent()) {
      var changed = row.checksum().filter(it -> it != file.get().checksum()).isPresent();
      if (changed) {
        return Optional.of(new Odd.Changed(files.shown(), file.get(), row));
      }
      return row.isNamedAs(file.get())
          ? Optional.empty()
          : Optional.of(new Odd.Renamed(files.shown(), file.get(), row));
    }
    var version = row.version().orElseThrow();
    var newer = files.newest().filter(it -> it.compareTo(version) >= 0).isEmpty();
    return Optional.of(
        newer ? new Odd.Newer(files.shown(), row) : new Odd.Missing(files.shown(), row));
  }

  private static void outOfOrder(
      Migrations files,
      List<Migration> open,
      Version current,
      Optional<Version> baseline,
      List<Odd> odd) {
    open.stream()
        .filter(it -> it.version().compareTo(current) < 0)
        .filter(it -> baseline.isEmpty() || it.version().compareTo(baseline.get()) > 0)
        .forEach(it -> odd.add(new Odd.OutOfOrder(files.shown(), it, current)));
  }
}
