package pgrunbook.migration;

import java.util.List;
import pgrunbook.postgres.Identifiers;

/**
 * A name as a statement has it, with its schema where it has one.
 *
 * @param parts without quotes, as the server knows them
 */
public record SqlName(List<String> parts) {
  static final SqlName UNKNOWN = new SqlName(List.of("?"));

  public SqlName {
    parts = List.copyOf(parts);
  }

  /** For SQL: each part in quotes, so that a dot in a name stays one. */
  public String quoted() {
    return Identifiers.quote(parts);
  }

  /** Such as <code>public.users</code>. */
  public String shown() {
    return String.join(".", parts);
  }

  String last() {
    return parts.getLast();
  }
}
