package pgrunbook.backup;

import java.util.List;

/**
 * A table whose rows stand in a dump as COPY data.
 *
 * @param columns in the dump's order; empty where the dump names none
 */
public record CopiedTable(TableName table, List<String> columns, LineSums sums) {
  public CopiedTable {
    columns = List.copyOf(columns);
  }
}
