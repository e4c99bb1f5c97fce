package pgrunbook.backup;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tables of users in a database, from its catalog. */
final class Relations {
  /** A member of an extension is not counted in fingerprints: its version stands for it. */
  enum Kind {
    TABLE,
    PARTITIONED,
    MATERIALISED_VIEW,
    OF_EXTENSION
  }

  /**
   * @param columns those that hold data of their own or are generated, in the table's order
   * @param zoned whether a column holds times with a zone inside of something else
   */
  record Relation(TableName name, Kind kind, List<String> columns, boolean zoned) {
    Relation {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Types that show a time with zone inside of an array, a range or a composite are looked for to
   * any depth: their text depends on the session's time zone.
   */
  private static final String ALL =
      """
      WITH RECURSIVE zoned(oid) AS (
        SELECT 'pg_catalog.timestamptz'::pg_catalog.regtype::oid
        UNION
        SELECT t.oid
          FROM zoned z, pg_catalog.pg_type t
         WHERE t.typelem = z.oid OR t.typbasetype = z.oid
            OR EXISTS (SELECT FROM pg_catalog.pg_range r
                        WHERE r.rngsubtype = z.oid AND t.oid IN (r.rngtypid/*multi*/))
            OR EXISTS (SELECT FROM pg_catalog.pg_attribute a
                        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND a.atttypid = z.oid))
      SELECT n.nspname, c.relname, a.attname,
             CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_depend d
                                WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                                  AND d.objid = c.oid AND d.deptype = 'e') THEN 'e'
                  WHEN c.relkind = 'm' AND NOT c.relispopulated THEN '-'
                  ELSE c.relkind::text END,
             a.atttypid IN (SELECT oid FROM zoned)
               AND a.atttypid <> 'pg_catalog.timestamptz'::pg_catalog.regtype
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_attribute a
               ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       WHERE c.relkind IN ('r', 'p', 'm')
         AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       ORDER BY n.nspname, c.relname, a.attnum\
      """;

  private static final int FIRST_WITH_MULTIRANGES = 14;

  private Relations() {}

  static List<Relation> of(Connection connection) throws SQLException {
    var multi = connection.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_MULTIRANGES;
    Map<TableName, Relation> all = new TreeMap<>();
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(ALL.replace("/*multi*/", multi ? ", r.rngmultitypid" : ""))) {
      while (rows.next()) {
        var name = new TableName(rows.getString(1), rows.getString(2));
        var kind = rows.getString(4);
        if (!kind.equals("-")) {
          var column = rows.getString(3);
          var columns = column == null ? List.<String>of() : List.of(column);
          all.merge(
              name, new Relation(name, kind(kind), columns, rows.getBoolean(5)), Relations::both);
        }
      }
    }
    return List.copyOf(all.values());
  }

  private static Relation both(Relation some, Relation more) {
    var columns = new ArrayList<>(some.columns());
    columns.addAll(more.columns());
    return new Relation(some.name(), some.kind(), columns, some.zoned() || more.zoned());
  }

  private static Kind kind(String relkind) {
    return switch (relkind) {
      case "p" -> Kind.PARTITIONED;
      case "m" -> Kind.MATERIALISED_VIEW;
      case "e" -> Kind.OF_EXTENSION;
      default -> Kind.TABLE;
    };
  }
}
