package pgrunbook.backup;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import pgrunbook.sql.SqlLexer;
import pgrunbook.sql.SqlSink;
import pgrunbook.sql.Token.Kind;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;

/** Gathers what a dump holds from its tokens, comments and COPY data. */
final class DumpReader implements SqlSink {
  private static final Pattern RESTRICT = Pattern.compile("(un)?restrict ([A-Za-z0-9]+)\\s*");
  private static final String SERVER = " Dumped from database version ";
  private static final String DUMPER = " Dumped by pg_dump version ";
  private static final String END = " PostgreSQL database dump complete";
  private static final int MOST_PROBLEMS = 50;

  private record Copied(TableName table, List<String> columns) {}

  private final String file;
  private final SqlLexer lexer = new SqlLexer(this, SqlLexer.Reader.PSQL);
  private final Statement statement = new Statement();
  private final Roles roles = new Roles();
  private final Forbidden forbidden = new Forbidden(this::problem);
  private final List<Problem> problems = new ArrayList<>();
  private final NavigableSet<String> extensions = new TreeSet<>();
  private final NavigableSet<String> tablespaces = new TreeSet<>();
  private final Map<Copied, LineSums> copied = new LinkedHashMap<>();
  private final SortedMap<TableName, Long> inserted = new TreeMap<>();
  private final TreeMap<TableName, SequenceState> sequences = new TreeMap<>();
  private final NavigableSet<TableName> materialisedViews = new TreeSet<>();
  private Optional<String> serverVersion = Optional.empty();
  private Optional<String> dumpVersion = Optional.empty();
  private Optional<String> encoding = Optional.empty();
  private Optional<Copied> copying = Optional.empty();
  private Optional<String> restrictKey = Optional.empty();
  private boolean unrestricted;
  private boolean complete;
  private boolean defines;
  private long created;
  private long opened;
  private long statementLine;

  DumpReader(String file) {
    this.file = file;
  }

  SqlLexer lexer() {
    return lexer;
  }

  boolean isCopying() {
    return copying.isPresent();
  }

  /** The COPY data that was begun is over. */
  void copied(LineSums sums) {
    copying.ifPresent(table -> copied.merge(table, sums, LineSums::plus));
    copying = Optional.empty();
    lexer.skipLines(sums.count() + 1);
  }

  DumpContents finish(boolean nul) {
    if (copying.isPresent()) {
      problem(
          "the file ends inside the data of " + copying.get().table(),
          "it is cut off; take another backup");
    } else {
      lexer.end();
      forbidden.end();
    }
    if (!complete) {
      problem(
          "the end marker '--" + END + "' is missing",
          "the dump is cut off or was never finished; take another backup");
    } else if (restrictKey.isPresent() && !unrestricted) {
      problem("\\restrict without its \\unrestrict", "the file is cut off; take another backup");
    }
    if (nul || lexer.sawNul()) {
      problem("the file holds NUL bytes", "it is damaged: no dump holds any");
    }
    return contents();
  }

  private DumpContents contents() {
    var tables =
        copied.entrySet().stream()
            .map(e -> new CopiedTable(e.getKey().table(), e.getKey().columns(), e.getValue()))
            .toList();
    return new DumpContents(
        complete,
        serverVersion,
        dumpVersion,
        encoding,
        defines,
        extensions,
        roles.found(),
        tablespaces,
        tables,
        inserted,
        sequences,
        Math.max(created, opened),
        forbidden.sawOwnTransaction(),
        materialisedViews,
        lexer.line() - 1,
        problems);
  }

  @Override
  public void token(Kind kind, String text) {
    if (statement.isEmpty()) {
      statementLine = lexer.line();
      if (complete) {
        problem("something stands behind the end marker", "two dumps in one file, or an addition");
      }
    }
    statement.add(kind, text);
  }

  @Override
  public boolean endOfStatement() {
    var copies = !statement.isEmpty() && read();
    statement.clear();
    return copies;
  }

  @Override
  public boolean insideStatement() {
    return !statement.isEmpty();
  }

  @Override
  public boolean wantsText() {
    return statement.wantsMore();
  }

  private boolean read() {
    forbidden.judge(statement);
    roles.read(statement);
    switch (statement.first().text()) {
      case "create" -> create();
      case "insert" ->
          statement
              .tableAt(2)
              .ifPresent(t -> inserted.merge(t, (long) statement.insertedRows(), Long::sum));
      case "select" -> {
        created += statement.find(1, "lo_create") > 0 ? 1 : 0;
        opened += statement.find(1, "lo_open") > 0 ? 1 : 0;
        SequenceSettings.read(statement, sequences);
      }
      case "set" -> set(statement.at(3).text());
      case "copy" -> {
        return copy();
      }
      default -> {}
    }
    return false;
  }

  private void set(String value) {
    if (statement.at(1).is("client_encoding")) {
      encoding = Optional.of(value);
      lexer.encoding(Encodings.charset(value));
    } else if (statement.at(1).is("default_tablespace") && !value.isEmpty()) {
      tablespaces.add(value);
    }
  }

  private void create() {
    defines = true;
    if (statement.begins("create", "extension")) {
      extensions.add(statement.at(statement.at(2).is("if") ? 5 : 2).text());
    } else if (statement.begins("create", "materialized", "view")) {
      statement.tableAt(statement.at(3).is("if") ? 6 : 3).ifPresent(materialisedViews::add);
    }
  }

  private boolean copy() {
    if (!statement.copiesIn()) {
      return false;
    }
    var open = statement.at(2).is(".") ? 4 : 2;
    var columns = statement.at(open).is("(") ? statement.namesAt(open + 1) : List.<String>of();
    copying = statement.tableAt(1).map(table -> new Copied(table, columns));
    return copying.isPresent();
  }

  @Override
  public void comment(String text) {
    if (text.equals(END)) {
      complete = true;
    } else if (text.startsWith(SERVER) && serverVersion.isEmpty()) {
      serverVersion = Optional.of(text.substring(SERVER.length()));
    } else if (text.startsWith(DUMPER) && dumpVersion.isEmpty()) {
      dumpVersion = Optional.of(text.substring(DUMPER.length()));
    } else if (complete && !text.isBlank()) {
      problem("something stands behind the end marker", "two dumps in one file, or an addition");
    }
  }

  @Override
  public void backslash(String text, boolean ownLine) {
    var restrict = RESTRICT.matcher(text);
    if (ownLine && statement.isEmpty() && restrict.matches()) {
      var key = restrict.group(2);
      if (restrict.group(1) == null && restrictKey.isEmpty() && !complete) {
        restrictKey = Optional.of(key);
        return;
      }
      if (restrict.group(1) != null
          && complete
          && !unrestricted
          && restrictKey.equals(Optional.of(key))) {
        unrestricted = true;
        return;
      }
    }
    var word = text.split("[\\s`]", 2)[0];
    statementLine = lexer.line();
    problem(
        "a psql command is hidden in the dump: \\" + word,
        word.startsWith("c")
            ? "it connects to another database: made with -C? dump again without it"
            : "no pg_dump writes this; do not restore the file");
  }

  @Override
  public void problem(String what, String hint) {
    if (problems.size() < MOST_PROBLEMS) {
      var at = statement.isEmpty() ? lexer.line() : statementLine;
      var place = new Place(file, (int) Math.min(at, Integer.MAX_VALUE), 1);
      var problem = new Problem(place, what, Optional.of(hint));
      if (!problems.contains(problem)) {
        problems.add(problem);
      }
    }
  }
}
