package pgrunbook.backup;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import pgrunbook.text.Problem;

/**
 * What one pass over a dump's SQL told.
 *
 * @param complete the end marker is the last thing in it
 * @param serverVersion of the server that was dumped, <code>15.18 (Debian …)</code>
 * @param dumpVersion of the pg_dump that wrote it
 * @param encoding the client encoding the dump is written in
 * @param defines whether it creates anything: what was made with --data-only does not
 * @param namedRoles the roles that its statements name
 * @param tablespaces where it puts tables and indexes, but for the database's own
 * @param inserted rows by INSERT statement, per table; all rows where only the schema was read
 * @param sequences where it sets them
 * @param largeObjects how many large objects are written
 * @param ownTransactions it brings BEGIN and COMMIT of its own, for its large objects
 * @param lines how many lines were read
 */
public record DumpContents(
    boolean complete,
    Optional<String> serverVersion,
    Optional<String> dumpVersion,
    Optional<String> encoding,
    boolean defines,
    SortedSet<String> extensions,
    NamedRoles namedRoles,
    SortedSet<String> tablespaces,
    List<CopiedTable> tables,
    SortedMap<TableName, Long> inserted,
    SortedMap<TableName, SequenceState> sequences,
    long largeObjects,
    boolean ownTransactions,
    SortedSet<TableName> materialisedViews,
    long lines,
    List<Problem> problems) {

  /** Of something that could not be read. */
  public static final DumpContents NOTHING =
      new DumpContents(
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false,
          new TreeSet<>(),
          NamedRoles.NONE,
          new TreeSet<>(),
          List.of(),
          new TreeMap<>(),
          new TreeMap<>(),
          0,
          false,
          new TreeSet<>(),
          0,
          List.of());

  public DumpContents {
    extensions = sorted(extensions);
    tablespaces = sorted(tablespaces);
    tables = List.copyOf(tables);
    inserted = Collections.unmodifiableSortedMap(new TreeMap<>((Map<TableName, Long>) inserted));
    sequences =
        Collections.unmodifiableSortedMap(new TreeMap<>((Map<TableName, SequenceState>) sequences));
    materialisedViews = sorted(materialisedViews);
    problems = List.copyOf(problems);
  }

  private static <T extends Comparable<T>> SortedSet<T> sorted(Set<T> some) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(some));
  }

  /** What its schema told, with the rows and sequences that it is known to hold. */
  DumpContents with(Fingerprint content) {
    var rows = new TreeMap<TableName, Long>();
    content.tables().forEach((table, sum) -> rows.put(table, sum.rows()));
    return new DumpContents(
        complete,
        serverVersion,
        dumpVersion,
        encoding,
        defines,
        extensions,
        namedRoles,
        tablespaces,
        List.of(),
        rows,
        content.sequences(),
        largeObjects,
        ownTransactions,
        materialisedViews,
        lines,
        problems);
  }

  /** The roles that have to exist before the restore, where owners and privileges are restored. */
  public SortedSet<String> roles() {
    return namedRoles.all();
  }

  /** All rows it holds, as COPY data and as INSERT statements. */
  public long rows() {
    return tables.stream().mapToLong(t -> t.sums().count()).sum()
        + inserted.values().stream().mapToLong(Long::longValue).sum();
  }
}
