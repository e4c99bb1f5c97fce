package pgrunbook.backup;

import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** Judges statements: what no dump of one database holds, or what could make psql misread it. */
final class Forbidden {
  private static final Set<String> CLUSTER_WIDE =
      Set.of("database", "role", "user", "group", "tablespace", "system");
  private static final Set<String> TRANSACTION =
      Set.of("begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release");

  /**
   * Encodings that a server can have: in all of them no byte of a character looks like a quote or a
   * backslash. PostgreSQL looks at letters and digits only, so SHIFT-JIS has many names.
   */
  private static final Pattern SAFE_ENCODING =
      Pattern.compile(
          "utf8|unicode|sqlascii|muleinternal|euc(?:cn|jp|kr|tw|jis2004)|koi8[ru]?|koi|abc|alt"
              + "|latin(?:[1-9]|10)|iso8859[0-9]{1,2}|tcvn5712|tcvn|vscii|win|win[0-9]+"
              + "|windows[0-9]+");

  /** Of the Windows code pages, these stand for encodings of East Asia that are not safe. */
  private static final Pattern UNSAFE_WINDOWS = Pattern.compile("win(?:dows)?9(?:32|36|49|50)");

  private final BiConsumer<String, String> problems;
  private boolean inTransaction;
  private boolean largeObjects;

  Forbidden(BiConsumer<String, String> problems) {
    this.problems = problems;
  }

  /** Whether a section with large objects, and a transaction around it, was met. */
  boolean sawOwnTransaction() {
    return largeObjects;
  }

  void judge(Statement statement) {
    var first = statement.first().text();
    if (TRANSACTION.contains(first) && statement.first().isName()) {
      transaction(statement);
    } else if (inTransaction && !isLargeObjectCall(statement)) {
      problems.accept(
          "a transaction of the dump's own holds more than large objects",
          "remove its BEGIN and COMMIT; the restore brings its own");
      inTransaction = false;
    }
    if (!first.equals("create")) {
      settings(statement);
    }
    switch (first) {
      case "create", "alter", "drop" -> clusterWide(statement, first);
      case "copy" -> copy(statement);
      case "set" -> set(statement);
      case "prepare" -> {
        if (statement.begins("prepare", "transaction")) {
          transaction(statement);
        }
      }
      default -> {}
    }
  }

  /** The dump is over. */
  void end() {
    if (inTransaction) {
      problems.accept("the dump begins a transaction and does not commit it", "it is cut off");
    }
  }

  private void transaction(Statement statement) {
    if (statement.begins("begin") && statement.size() == 1 && !inTransaction) {
      inTransaction = true;
      largeObjects = true;
    } else if (statement.begins("commit") && statement.size() == 1 && inTransaction) {
      inTransaction = false;
    } else {
      problems.accept(
          "the dump controls transactions itself: "
              + statement.first().text().toUpperCase(Locale.ROOT),
          "only the section of large objects may; remove the statement");
    }
  }

  private static boolean isLargeObjectCall(Statement statement) {
    var name = statement.at(statement.at(2).is(".") ? 3 : 1).text();
    return statement.begins("select") && (name.startsWith("lo_") || name.equals("lowrite"));
  }

  private void clusterWide(Statement statement, String verb) {
    var what = statement.at(1);
    if (!what.isName() || !CLUSTER_WIDE.contains(what.text()) || statement.at(2).is("mapping")) {
      return;
    }
    var shown = (verb + " " + what.text()).toUpperCase(Locale.ROOT);
    problems.accept(
        "the dump reaches beyond its database: " + shown,
        what.is("database")
            ? "it was made with -C; dump again without --create (and without --clean)"
            : "remove the statement, and run it yourself where it is wanted");
  }

  private void copy(Statement statement) {
    var from = statement.find(1, "from");
    if (from < 0 || !statement.at(from + 1).is("stdin")) {
      problems.accept("COPY that is not from stdin", "no pg_dump writes this; look at the line");
    } else if (statement.size() > from + 2) {
      problems.accept("COPY with options", "only pg_dump's text format can be checked; dump again");
    }
  }

  private void set(Statement statement) {
    var index = statement.at(1).is("session") || statement.at(1).is("local") ? 2 : 1;
    var name = statement.at(index).text();
    var value = statement.at(name.equals("names") ? index + 1 : index + 2).text();
    if (name.equals("standard_conforming_strings") && !value.equals("on")) {
      problems.accept(
          "the dump sets standard_conforming_strings = " + value,
          "its strings can't be read safely; dump with PGOPTIONS='-c"
              + " standard_conforming_strings=on'");
    }
    if ((name.equals("client_encoding") || name.equals("names")) && !isSafeEncoding(value)) {
      problems.accept("the dump is written in " + value, "dump again with --encoding=UTF8");
    }
  }

  private static boolean isSafeEncoding(String value) {
    var name = value.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    return SAFE_ENCODING.matcher(name).matches() && !UNSAFE_WINDOWS.matcher(name).matches();
  }

  private void settings(Statement statement) {
    for (var i = 0; i < statement.size(); i++) {
      if (statement.at(i).text().equals("set_config")
          && statement.at(i).isName()
          && !statement.at(i + 2).text().equals("search_path")) {
        problems.accept(
            "set_config for something other than search_path", "no pg_dump writes this");
      }
    }
  }
}
