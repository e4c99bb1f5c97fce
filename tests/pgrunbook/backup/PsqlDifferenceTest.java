package pgrunbook.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.testing.Tries;
import pgrunbook.testing.Tries.Draw;

/** What the scanner of dumps takes for harmless, the real psql has to take for harmless, too. */
@Tag("hostile")
class PsqlDifferenceTest {
  private static final String HEADER =
      """
      -- Dumped from database version 15.18
      SET client_encoding = 'UTF8';
      SET standard_conforming_strings = on;
      """;
  private static final String FOOTER = "\n--\n-- PostgreSQL database dump complete\n--\n";

  /** Whatever decides where a quote, a comment, a statement or COPY data ends. */
  private static final List<String> PIECES =
      List.of(
          "'",
          "'",
          "'",
          "''",
          "\"",
          "\"",
          "$$",
          "$$",
          "$a$",
          "$",
          "$1",
          "E'",
          "e'",
          "E",
          "U&'",
          "U&\"",
          "N'",
          "b'",
          "x'",
          "\\",
          "\\'",
          "\\'",
          "\\\\",
          "--",
          "--",
          "/*",
          "/*",
          "*/",
          "*/",
          "/",
          "*",
          "-",
          "\n",
          "\n",
          "\r",
          "\r\n",
          "\f",
          "\u000b",
          " ",
          " ",
          "\t",
          "(",
          ")",
          ";",
          ";",
          ":",
          ":",
          "::",
          ":e",
          ":x",
          ":DBNAME",
          ":'",
          ":\"",
          ":{?",
          "1",
          "1.",
          "1e",
          "0x",
          "_",
          "a",
          "é",
          ".",
          ",",
          "=",
          "SELECT ",
          "SELECT 1",
          "CREATE ",
          "OR REPLACE ",
          "FUNCTION f() ",
          "CREATE FUNCTION f() RETURNS int LANGUAGE sql ",
          "CREATE PROCEDURE p() ",
          "xBEGIN",
          " BEGIN ",
          " BEGIN ",
          "ATOMIC ",
          " END",
          " CASE ",
          "\nCOPY t FROM stdin;\n",
          "\n\\.\n",
          "\n\\.\r\n",
          "x\\.",
          "\u00a0",
          "\ufeff");

  private static final List<String> ENDS =
      List.of("", "'", "\"", "*/", "$$", "$a$", ")", "\n\\.\n", "' END", " END END", "'*/", "\")");

  private static final Pattern EXECUTED =
      Pattern.compile("^(?:RAN|psql:\\S+ error: invalid command)", Pattern.MULTILINE);

  @TempDir Path folder;

  private record Accepted(String sql, Path file) {}

  private static Optional<String> drawn(Draw draw, int number) {
    var canary = "\\warn RAN" + number + (draw.oneIn(4) ? " " : "\n");
    var pieces = new ArrayList<String>();
    for (var left = 2 + draw.below(14); left > 0; left--) {
      pieces.add(draw.of(PIECES));
    }
    for (var left = 1 + draw.below(2); left > 0; left--) {
      pieces.add(draw.below(pieces.size() + 1), canary);
    }
    var sql = String.join("", pieces);
    return ENDS.stream()
        .map(end -> sql + end + "\n;\n")
        .filter(whole -> scan(whole).problems().isEmpty())
        .findFirst();
  }

  private static DumpContents scan(String sql) {
    var bytes = (sql + HEADER + FOOTER).getBytes(StandardCharsets.UTF_8);
    var scanner = new DumpScanner("f.sql");
    scanner.accept(bytes, 0, bytes.length);
    return scanner.finish();
  }

  @Test
  void no_text_that_is_accepted_holds_a_command_for_psql(TestReporter reporter) throws Exception {
    // given
    var accepted = new ArrayList<Accepted>();
    Tries.of(8_000)
        .each(
            reporter,
            draw -> {
              var sql = drawn(draw, accepted.size());
              if (sql.isPresent()) {
                accepted.add(written(sql.get(), accepted.size()));
              }
            });
    reporter.publishEntry("accepted", Integer.toString(accepted.size()));
    // when
    var said = psql(accepted).split("=CASE=\\n");
    // then
    assertThat(said).hasSize(accepted.size() + 1);
    var wrong = new ArrayList<String>();
    for (var i = 0; i < accepted.size(); i++) {
      var before = said[i + 1].split("ERROR: ", 2)[0]; // there ON_ERROR_STOP ends
      if (EXECUTED.matcher(before).find()) {
        wrong.add(accepted.get(i).sql().replace("\r", "\\r") + " -> " + before);
      }
    }
    wrong.sort(Comparator.comparingInt(String::length));
    assertThat(wrong).isEmpty();
  }

  private Accepted written(String sql, int number) throws IOException {
    return new Accepted(sql, Files.writeString(folder.resolve(number + ".sql"), sql));
  }

  /** Everything in one session; what it says of each file stands behind a line of its own. */
  private String psql(List<Accepted> files) throws Exception {
    var script = new StringBuilder("CREATE TEMP TABLE t (a text);\n");
    for (var each : files) {
      script.append("\\warn =CASE=\n\\i ").append(each.file()).append("\n;\nROLLBACK;\n");
    }
    var main = Files.writeString(folder.resolve("all"), script);
    return Dumps.SERVER.runWithInput(main, "psql", "-X", "-q", "-d", "postgres").err();
  }
}
