package pgrunbook.difference;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import pgrunbook.postgres.ClusterView;

/**
 * A type with a fixed list of values.
 *
 * @param oid where it was found
 * @param schema as it is, without quotes; so is the name
 */
record EnumType(long oid, String schema, String name, List<String> labels) {
  private static final String ALL =
      """
      SELECT t.oid, n.nspname, t.typname, array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
        FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
        JOIN pg_namespace n ON n.oid = t.typnamespace
       WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.deptype = 'e'
                            AND d.classid = 'pg_type'::regclass AND d.objid = t.oid)
       GROUP BY 1, 2, 3 ORDER BY 2, 3
      """;

  EnumType {
    labels = List.copyOf(labels);
  }

  static List<EnumType> of(ClusterView cluster, String database) {
    return cluster.read(database, EnumType::read);
  }

  private static List<EnumType> read(Connection connection) throws SQLException {
    var types = new ArrayList<EnumType>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(ALL)) {
      while (rows.next()) {
        var labels = Arrays.asList((String[]) rows.getArray(4).getArray());
        types.add(new EnumType(rows.getLong(1), rows.getString(2), rows.getString(3), labels));
      }
    }
    return types;
  }

  boolean isSameTypeAs(EnumType other) {
    return schema.equals(other.schema) && name.equals(other.name);
  }

  /**
   * Whether all values of that one are here, in that order: then ALTER TYPE ADD VALUE is enough.
   */
  boolean extendsOnly(EnumType before) {
    var next = 0;
    for (var label : labels) {
      next += next < before.labels.size() && before.labels.get(next).equals(label) ? 1 : 0;
    }
    return next == before.labels.size();
  }

  List<String> without(EnumType other) {
    return labels.stream().filter(label -> !other.labels.contains(label)).toList();
  }

  /** One value that is gone and one that is new in its place may be one that was renamed. */
  Optional<String> renameTo(EnumType after) {
    var gone = without(after);
    var came = after.without(this);
    return gone.size() == 1
            && came.size() == 1
            && labels.indexOf(gone.getFirst()) == after.labels.indexOf(came.getFirst())
        ? Optional.of(
            EnumSwap.path(this)
                + " RENAME VALUE "
                + pgrunbook.postgres.Literals.quote(gone.getFirst())
                + " TO "
                + pgrunbook.postgres.Literals.quote(came.getFirst()))
        : Optional.empty();
  }
}
