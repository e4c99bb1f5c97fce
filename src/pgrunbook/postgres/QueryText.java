package pgrunbook.postgres;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement as the server shows it of other sessions: with its texts, and cut after so many bytes
 * (track_activity_query_size), so that the last of them may have no end.
 */
final class QueryText {
  /** As long as anybody shows, and short enough for the pattern's own recursion. */
  private static final int LONGEST = 2000;

  /** In this order: an identifier, E'…', any other '…', $tag$…$tag$, comments. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?s)(?<name>\"[^\"]*+(?:\"|\\z))"
              + "|(?<![\\w$])[eE]'(?:[^'\\\\]|\\\\.|'')*+(?:'|\\\\?\\z)"
              + "|'[^']*+(?:''[^']*+)*+(?:'|\\z)"
              + "|(?<![\\w$])\\$(?<tag>(?:[\\p{L}_][\\p{L}\\d_]*)?)\\$.*?(?:\\$\\k<tag>\\$|\\z)"
              + "|(?<comment>--[^\\n]*|/\\*.*?(?:\\*/|\\z))");

  private QueryText() {}

  /** The statement with <code>'…'</code> for each text in it, and without comments. */
  static String withoutLiterals(String query) {
    var start = query.substring(0, Math.min(query.length(), LONGEST));
    return TOKEN.matcher(start).replaceAll(QueryText::shown);
  }

  private static String shown(java.util.regex.MatchResult token) {
    var name = token.group("name");
    if (name != null) {
      return Matcher.quoteReplacement(name);
    }
    return token.group("comment") == null ? "'…'" : " ";
  }
}
