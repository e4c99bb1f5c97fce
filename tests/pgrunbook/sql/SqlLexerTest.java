package pgrunbook.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.Tries;
import pgrunbook.testing.Tries.Draw;

/** Statements end where the real server and the real psql end them. */
@Tag("hostile")
class SqlLexerTest {
  private static final List<String> SIGNS =
      List.of("a", ";", "\\", "$", "$$", "--", "/*", "*/", "(", ")", "\n", "\r", "é", "\"", ":x");

  private static final List<String> GAPS =
      List.of(" ", "\n", "\r", "\t", " -- ;'\"$$ /*\n", "--;' \r", "/* ;' -- */", "/*;/*'*/;$$*/");

  @TempDir Path folder;

  /** A text, and how many statements it was made of; each one yields a line. */
  private record Case(String sql, int statements) {}

  private static Case drawn(Draw draw) {
    var sql = new StringBuilder();
    var number = 1 + draw.below(4);
    for (var i = 0; i < number; i++) {
      sql.append(gap(draw)).append("SELECT").append(gap(draw)).append('7').append(gap(draw));
      sql.append("WHERE").append(gap(draw)).append(condition(draw, 2)).append(gap(draw));
      sql.append(i + 1 < number || draw.oneIn(2) ? ";" : "");
    }
    return new Case(sql.append(draw.oneIn(2) ? gap(draw) : "\n").toString(), number);
  }

  private static String gap(Draw draw) {
    return " " + draw.text(GAPS, 2) + draw.of(" ", "\n");
  }

  private static String condition(Draw draw, int depth) {
    if (depth > 0 && draw.oneIn(3)) {
      return "("
          + condition(draw, depth - 1)
          + gap(draw)
          + draw.of("AND", "OR")
          + gap(draw)
          + condition(draw, depth - 1)
          + ")";
    }
    return literal(draw) + gap(draw) + "IS" + gap(draw) + "NOT NULL";
  }

  private static String literal(Draw draw) {
    var text = draw.text(SIGNS, 6);
    return switch (draw.below(8)) {
      case 0 -> draw.of("E", "e") + "'" + escaped(text) + "'";
      case 1 -> dollarQuoted(draw.of("$$", "$a$", "$é_1$"), text);
      case 2 -> "(SELECT 1 AS \"" + text.replace("\"", "\"\"") + "x\")";
      case 3 ->
          draw.of("B'01'", "x'1F'", "N'a;'", "U&'a;'", "1e-5", "1.", ".5", "(ARRAY[1,2])[1:2]");
      case 4 -> "'" + text.replace("'", "''") + "'\n'" + text.replace("'", "''") + "'";
      case 5 -> "';'::text";
      default -> "'" + text.replace("'", "''") + "'";
    };
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("a", "\\'").replace("é", "''").replace("\n", "\\n");
  }

  private static String dollarQuoted(String delimiter, String text) {
    var inside = text.replace("$", "");
    return delimiter + inside + delimiter;
  }

  @Test
  void statements_end_where_the_server_and_psql_end_them(TestReporter reporter) throws Exception {
    // given
    var cases = new ArrayList<Case>();
    Tries.of(250).each(reporter, draw -> cases.add(drawn(draw)));
    // when
    var lines = psql(cases);
    // then
    for (var i = 0; i < cases.size(); i++) {
      var each = cases.get(i);
      var expected = "7\n".repeat(each.statements());
      assertThat(lines[2 * i]).as("the server: %s", each.sql()).isEqualTo(expected);
      assertThat(lines[2 * i + 1]).as("psql: %s", each.sql()).isEqualTo(expected);
      assertThat(count(each.sql(), SqlLexer.Reader.SERVER))
          .as(each.sql())
          .isEqualTo(each.statements());
      assertThat(count(each.sql(), SqlLexer.Reader.PSQL))
          .as(each.sql())
          .isEqualTo(each.statements());
    }
  }

  /** What each text yields, as one message to the server, and as a file of psql's. */
  private String[] psql(List<Case> cases) throws IOException, InterruptedException {
    var arguments = new ArrayList<>(List.of("-XAtq", "-d", "postgres"));
    for (var each : cases) {
      var file = Files.writeString(folder.resolve(arguments.size() + ".sql"), each.sql() + "\n;");
      arguments.addAll(List.of("-c", each.sql(), "-c", "\\echo =", "-f", file.toString()));
      arguments.addAll(List.of("-c", "\\echo ="));
    }
    var ran = PostgresServer.shared().run("psql", arguments.toArray(String[]::new));
    assertThat(ran.err()).isEmpty();
    return ran.ok().split("=\n", -1);
  }

  private static int count(String sql, SqlLexer.Reader reader) {
    var counting = new Counting();
    var lexer = new SqlLexer(counting, reader);
    var bytes = (sql + "\n").getBytes(StandardCharsets.UTF_8);
    lexer.accept(bytes, 0, bytes.length);
    counting.endOfStatement(); // the last one needs no semicolon
    lexer.end();
    return counting.statements;
  }

  private static final class Counting implements SqlSink {
    private int statements;
    private boolean inside;

    @Override
    public void token(Token.Kind kind, String text) {
      inside = true;
    }

    @Override
    public boolean endOfStatement() {
      statements += inside ? 1 : 0;
      inside = false;
      return false;
    }

    @Override
    public void problem(String what, String hint) {
      if (!what.startsWith("a string goes on")) {
        throw new AssertionError(what);
      }
    }

    @Override
    public void backslash(String text, boolean ownLine) {
      throw new AssertionError("a command: " + text);
    }

    @Override
    public boolean wantsText() {
      return true;
    }

    @Override
    public boolean insideStatement() {
      return inside;
    }
  }
}
