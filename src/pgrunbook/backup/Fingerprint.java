package pgrunbook.backup;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a database holds, in numbers that can be compared.
 *
 * @param schemaHash of its definition, from <code>pg_dump -s</code>, where somebody computed it
 * @param tables leaf partitions, not their parents; no foreign tables, none of an extension
 * @param extensions their versions by name
 * @param materialisedViews rows of those that are populated
 */
public record Fingerprint(
    Optional<String> schemaHash,
    SortedMap<TableName, TableSum> tables,
    SortedMap<TableName, SequenceState> sequences,
    SortedMap<String, String> extensions,
    LargeObjects largeObjects,
    SortedMap<TableName, Long> materialisedViews) {
  public Fingerprint {
    tables = sorted(tables);
    sequences = sorted(sequences);
    extensions = sorted(extensions);
    materialisedViews = sorted(materialisedViews);
  }

  /** This one with the hash of the schema, which needs pg_dump and so is added by the caller. */
  public Fingerprint withSchemaHash(String hash) {
    return new Fingerprint(
        Optional.of(hash), tables, sequences, extensions, largeObjects, materialisedViews);
  }

  /** This one with other states of its sequences. */
  public Fingerprint withSequences(Map<TableName, SequenceState> states) {
    return new Fingerprint(
        schemaHash, tables, sorted(states), extensions, largeObjects, materialisedViews);
  }

  /** Rows of all tables. */
  public long rows() {
    return tables.values().stream().mapToLong(TableSum::rows).sum();
  }

  /** Everything that is not the same in both, table by table. */
  public static List<Difference> compare(Fingerprint expected, Fingerprint actual) {
    return Differences.between(expected, actual);
  }

  /** The comparison as one answer. */
  public static Verdict verdict(Fingerprint expected, Fingerprint actual) {
    return Verdict.of(expected, actual);
  }

  private static <K extends Comparable<K>, V> SortedMap<K, V> sorted(Map<K, V> some) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(some));
  }
}
