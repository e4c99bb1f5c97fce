package pgrunbook.backup;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a backup came from, and what a dump does not hold about it.
 *
 * @param size of the database, in bytes
 * @param locale by the names that CREATE DATABASE knows: lc_collate, lc_ctype, locale_provider…
 * @param roles their attributes by name, never their passwords
 * @param properties SQL that gives a new database the same owner, privileges and settings
 * @param extensions their versions by name
 */
public record SourceDatabase(
    String serverVersion,
    String systemIdentifier,
    String name,
    long oid,
    long size,
    String encoding,
    SortedMap<String, String> locale,
    SortedMap<String, String> roles,
    List<String> properties,
    SortedMap<String, String> extensions) {
  public SourceDatabase {
    locale = sorted(locale);
    roles = sorted(roles);
    properties = List.copyOf(properties);
    extensions = sorted(extensions);
  }

  private static SortedMap<String, String> sorted(Map<String, String> some) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(some));
  }
}
