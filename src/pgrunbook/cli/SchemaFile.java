package pgrunbook.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import pgrunbook.action.Programs;
import pgrunbook.backup.DumpScanner;
import pgrunbook.backup.SqlScript;
import pgrunbook.process.Deadline;
import pgrunbook.process.OutputSink;
import pgrunbook.process.Processes;
import pgrunbook.process.Stdin;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;

/**
 * A schema as SQL: what an ORM prints, or <code>pg_dump --schema-only</code>.
 *
 * @param shown as it was given
 */
record SchemaFile(String shown, String sql) {
  private static final String HEADER = "-- PostgreSQL database dump";
  private static final String END = "PostgreSQL database dump complete";

  /**
   * Reads a file that holds SQL and no command for psql.
   *
   * @throws InvalidInput with what is wrong with it
   */
  static SchemaFile read(Path file, String shown) {
    try {
      var sql = Files.readString(file);
      var contents = DumpScanner.scan(shown, new ByteArrayInputStream(ended(sql)));
      if (!contents.problems().isEmpty()) {
        throw new InvalidInput(contents.problems());
      }
      var script = SqlScript.read(shown, sql, true);
      if (script.problems().isEmpty() && script.statements().isEmpty()) {
        throw new InvalidInput(
            Problem.of(
                shown + " holds no statement: a migration from it would drop everything",
                "was it written to its end?"));
      }
      return new SchemaFile(shown, sql);
    } catch (NoSuchFileException _) {
      throw unreadable(shown, "there is no such file");
    } catch (IOException e) {
      throw unreadable(shown, String.valueOf(e.getMessage()));
    }
  }

  private static InvalidInput unreadable(String shown, String why) {
    return new InvalidInput(
        Problem.of("cannot read " + shown + ": " + why, "name a file of SQL, or an environment"));
  }

  /**
   * A file that people write has no end mark, and need not have one. Where pg_dump began it, a
   * missing one says that the rest was cut off: constraints and indexes would seem to be dropped.
   */
  private static byte[] ended(String sql) {
    var dumped = sql.lines().anyMatch(HEADER::equals);
    var whole = dumped || sql.contains(END) ? sql : sql + "\n--\n-- " + END + "\n--\n\n";
    return whole.getBytes(StandardCharsets.UTF_8);
  }

  /** Runs it in an empty database, in one transaction. */
  void apply(String database, Programs programs, Processes processes) throws InterruptedException {
    var arguments = List.of("-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-");
    var command = programs.command("psql", database, arguments);
    try {
      var ended =
          processes.run(
              command,
              Stdin.from(this::send),
              OutputSink.none(),
              OutputSink.none(),
              Deadline.none());
      if (!ended.succeeded()) {
        var why =
            ended.errorTail().stream()
                .filter(line -> line.contains("ERROR:"))
                .findFirst()
                .map(line -> line.replaceFirst("^psql:<stdin>:", "line "))
                .orElseGet(ended::why);
        throw new InvalidInput(
            Problem.of(
                "the schema " + shown + " cannot be applied to an empty database: " + why,
                "of a dump, leave out owners and privileges: pg_dump -s --no-owner --no-acl"));
      }
    } catch (IOException e) {
      throw new InvalidInput(Problem.of("cannot run psql: " + e.getMessage(), "is it installed?"));
    }
  }

  private void send(OutputStream out) throws IOException {
    out.write("BEGIN; ".getBytes(StandardCharsets.US_ASCII));
    out.write(sql.getBytes(StandardCharsets.UTF_8));
    out.write("\nCOMMIT;\n".getBytes(StandardCharsets.US_ASCII));
  }
}
