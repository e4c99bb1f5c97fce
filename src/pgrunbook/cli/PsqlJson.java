package pgrunbook.cli;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import pgrunbook.postgres.SqlWork;
import pgrunbook.text.Refused;

/**
 * What SQL yields as JSON: an array of objects for each statement that yields rows, a row a line.
 * It comes by JDBC, because psql knows texts only, and wrapping a query by hand breaks some.
 */
record PsqlJson(Context context, PsqlSeat seat, PsqlBatch.Work work) {
  private static final int ROWS_AT_ONCE = 500;
  private static final JsonFactory JSON = new JsonFactory();

  /** Each text, file or input is one transaction, as -c is in psql. */
  int run() throws InterruptedException {
    var texts = new ArrayList<String>();
    for (var input : work.inputs()) {
      texts.add(text(input));
    }
    SqlWork<Integer> all =
        connection -> {
          connection.setAutoCommit(false);
          for (var text : texts) {
            show(connection, text);
          }
          return Exit.DONE;
        };
    return seat.readOnly()
        ? seat.cluster().read(seat.database(), all)
        : seat.cluster().write(seat.database(), all);
  }

  private String text(PsqlInput input) {
    try {
      var text =
          switch (input) {
            case PsqlInput.Text(var sql) -> sql;
            case PsqlInput.Script(var name) -> Files.readString(work.folder().resolve(name));
            case PsqlInput.Stdin() -> new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
          };
      if (text.lines().anyMatch(line -> line.startsWith("\\"))) {
        throw PsqlCommand.wrong("a command of psql, such as \\dx, yields no JSON", "--csv does");
      }
      return text;
    } catch (IOException e) {
      throw new Refused("cannot read the SQL: " + e.getMessage(), "is it UTF-8?");
    }
  }

  private void show(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.setFetchSize(ROWS_AT_ONCE);
      var isRows = statement.execute(sql);
      while (isRows || statement.getUpdateCount() != -1) {
        if (isRows) {
          show(statement.getResultSet());
        }
        isRows = statement.getMoreResults(Statement.CLOSE_CURRENT_RESULT);
      }
    }
    connection.commit();
  }

  private void show(ResultSet rows) throws SQLException {
    var columns = columns(rows);
    var out = context.out().unmasked(); // the rows are what was asked for
    out.print('[');
    for (var separator = ""; rows.next() && !gone(out); separator = ",\n ") {
      out.print(separator + row(rows, columns));
    }
    out.println(']');
  }

  /** Whoever reads may have seen enough: <code>| head</code>. */
  private static boolean gone(PrintStream out) {
    return out.checkError();
  }

  private static List<JsonColumn> columns(ResultSet rows) throws SQLException {
    var meta = rows.getMetaData();
    var columns = new ArrayList<JsonColumn>();
    var names = new HashSet<String>();
    for (var i = 1; i <= meta.getColumnCount(); i++) {
      var column = new JsonColumn(i, meta.getColumnLabel(i), meta.getColumnTypeName(i));
      if (!names.add(column.name())) {
        throw new SQLException(
            "two columns are called '%s', and an object has it once: name one with AS"
                .formatted(column.name()));
      }
      columns.add(column);
    }
    return columns;
  }

  private static String row(ResultSet rows, List<JsonColumn> columns) throws SQLException {
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      json.writeStartObject();
      for (var column : columns) {
        json.writeFieldName(column.name());
        column.write(rows.getString(column.index()), json);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new SQLException("a value can't be written as JSON: " + e.getMessage(), e);
    }
    return text.toString();
  }
}
