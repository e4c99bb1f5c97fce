package pgrunbook.cli;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The options of psql that may be given behind <code>--</code>: those that are known to lead
 * nowhere else. psql takes any beginning of a long one for it, and a bare word for a database or a
 * role, also one that is a whole connection string.
 */
final class PsqlOptions {
  private static final String FLAG = "1AabeEHlnqSstVwXxz0?";
  private static final Pattern FLAGS = Pattern.compile("-[" + FLAG + "]+");

  /** With other options before it, and its value in the same word or in the next. */
  private static final Pattern VALUED =
      Pattern.compile("(?s)-[" + FLAG + "]*[FLoPRTv](?<value>.*)");

  private static final Pattern ROAD =
      Pattern.compile("(?s)-[" + FLAG + "]*[dhpUW].*|--(?:d|ho|po|us|pas).*");

  private static final Set<String> LONG =
      Set.of(
          "--csv",
          "--echo-all",
          "--echo-errors",
          "--echo-hidden",
          "--echo-queries",
          "--expanded",
          "--field-separator-zero",
          "--html",
          "--list",
          "--no-align",
          "--no-password",
          "--no-psqlrc",
          "--no-readline",
          "--quiet",
          "--record-separator-zero",
          "--single-line",
          "--single-step",
          "--single-transaction",
          "--tuples-only",
          "--version");
  private static final Set<String> LONG_VALUED =
      Set.of(
          "--field-separator",
          "--log-file",
          "--output",
          "--pset",
          "--record-separator",
          "--set",
          "--table-attr",
          "--variable");

  private PsqlOptions() {}

  /** Refuses what is none of them, before anything is reached. */
  static void check(List<String> words) {
    for (var i = 0; i < words.size(); i++) {
      var word = words.get(i);
      var valued = VALUED.matcher(word);
      if (LONG_VALUED.contains(word)
          || (valued.matches() && valued.group("value").isEmpty() && !word.startsWith("--"))) {
        i++; // the next word is its value
      } else if (!isComplete(word, valued.matches())) {
        throw refused(word);
      }
    }
  }

  private static boolean isComplete(String word, boolean valued) {
    return word.startsWith("--")
        ? LONG.contains(word) || LONG_VALUED.contains(word.replaceFirst("(?s)=.*", ""))
        : valued || FLAGS.matcher(word).matches();
  }

  private static RuntimeException refused(String word) {
    if (!word.startsWith("-")) {
      return PsqlCommand.wrong(
          "'" + word + "' is no option of psql",
          "an environment is named so: --env " + word + "; a database: --database NAME");
    }
    return ROAD.matcher(word).matches()
        ? PsqlCommand.wrong(
            "'" + word + "' would lead somewhere else than the environment says",
            "--env and --database name the place; the password comes from the environment")
        : PsqlCommand.wrong(
            "'" + word + "' is no option that psql may be given here",
            "write long ones in full; SQL and files go before the --: -c SQL, -f FILE");
  }
}
