package pgrunbook.difference;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import pgrunbook.postgres.Cluster;
import pgrunbook.postgres.PostgresException;

/**
 * Makes a migration from two databases, and believes it only after it was carried out: forward,
 * back and forward again on copies of the migrated database, in one transaction each, as Flyway
 * would do it.
 */
public final class Drafting {
  private final Cluster cluster;
  private final ScratchDatabases scratch;
  private final Comparison comparison;

  /**
   * For one server.
   *
   * @param bookkeeping tables of Flyway and of other tools that migrate, which are no part of a
   *     difference
   */
  public Drafting(Cluster cluster, ScratchDatabases scratch, Collection<String> bookkeeping) {
    this.cluster = cluster;
    this.scratch = scratch;
    this.comparison = new Comparison(cluster, bookkeeping);
  }

  /**
   * The migration between two databases of the server.
   *
   * @param migrated a scratch database with all migrations applied; nobody is connected to it
   * @param wanted the database as it should be; it is only looked at
   */
  public Draft draft(String migrated, String wanted) throws InterruptedException {
    if (comparison.left(migrated, wanted).isEmpty()) {
      return new Draft(List.of(), List.of(), List.of());
    }
    var forward = tried(migrated, wanted);
    if (!forward.isProven()) {
      return new Draft(
          forward.changes(),
          comparison.changes(wanted, migrated, UnaryOperator.identity()),
          forward.uncovered());
    }
    var back = tried(forward.database(), migrated);
    var uncovered = new ArrayList<String>();
    back.uncovered().forEach(it -> uncovered.add("on the way back: " + it));
    if (back.isProven()) {
      var again = carriedOut(scratch.copy(back.database()), forward.changes(), wanted);
      again.uncovered().forEach(it -> uncovered.add("forward again: " + it));
    }
    return new Draft(forward.changes(), back.changes(), uncovered);
  }

  private Trial tried(String from, String to) throws InterruptedException {
    var first = tried(from, to, false);
    return first.usesNewEnumValue() ? tried(from, to, true) : first;
  }

  private Trial tried(String from, String to, boolean swapAllEnums) throws InterruptedException {
    var everywhere = tried(from, to, swapAllEnums, Mends::withAllPartitions);
    return everywhere.isProven() || everywhere.usesNewEnumValue()
        ? everywhere
        : tried(from, to, swapAllEnums, UnaryOperator.identity());
  }

  private Trial tried(
      String from, String to, boolean swapAllEnums, UnaryOperator<List<String>> mend)
      throws InterruptedException {
    var changes = new ArrayList<Change>();
    var state = from;
    for (var swap : swaps(from, to, swapAllEnums)) {
      var copy = scratch.copy(state);
      var statements = cluster.read(copy, swap::changes);
      if (applied(copy, statements).isEmpty()) {
        changes.addAll(statements);
        state = copy;
      }
    }
    changes.addAll(comparison.changes(state, to, mend));
    return carriedOut(scratch.copy(from), changes, to);
  }

  /** Enums that ALTER TYPE ADD VALUE can't change, or, where asked for, all that change. */
  private List<EnumSwap> swaps(String from, String to, boolean all) {
    var after = EnumType.of(cluster, to);
    var swaps = new ArrayList<EnumSwap>();
    for (var before : EnumType.of(cluster, from)) {
      after.stream()
          .filter(before::isSameTypeAs)
          .filter(it -> all ? !it.labels().equals(before.labels()) : !it.extendsOnly(before))
          .forEach(it -> swaps.add(new EnumSwap(before, it)));
    }
    return swaps;
  }

  private Trial carriedOut(String copy, List<Change> changes, String wanted)
      throws InterruptedException {
    var failure = applied(copy, changes);
    return failure.isPresent()
        ? new Trial(
            changes, copy, Optional.of(failure.get().state()), List.of(failure.get().what()))
        : new Trial(changes, copy, Optional.empty(), comparison.left(copy, wanted));
  }

  /** The statement that failed, and why. */
  private record Failure(String state, String what) {}

  private Optional<Failure> applied(String database, List<Change> changes)
      throws InterruptedException {
    return cluster.write(
        database,
        connection -> {
          connection.setAutoCommit(false);
          try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (var change : changes) {
              try {
                statement.execute(change.sql());
              } catch (SQLException e) {
                if (Thread.currentThread().isInterrupted()) {
                  throw e;
                }
                return Optional.of(failure(change, e));
              }
            }
          }
          connection.commit();
          return Optional.empty();
        });
  }

  private static Failure failure(Change change, SQLException e) {
    var state = Optional.ofNullable(e.getSQLState()).orElse("");
    if (state.startsWith("08")) {
      throw new PostgresException(
          "the connection was lost during the trial: " + e.getMessage(), "run it again");
    }
    var words = Comparison.shown(String.valueOf(e.getMessage()).replaceFirst("^ERROR: ", ""));
    return new Failure(state, "fails: " + Comparison.shown(change.sql()) + ": " + words);
  }
}
