package pgrunbook.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import pgrunbook.testing.TestProject;

/** Takes out of a text what is different with each run, machine and version of PostgreSQL. */
final class Volatile {
  private static final Map<String, String> PATTERNS = patterns();

  private Volatile() {}

  private static Map<String, String> patterns() {
    Map<String, String> patterns = new LinkedHashMap<>();
    patterns.put("/[^ ]*/bin/(pg_dump|pg_restore|psql)", "$1");
    patterns.put(" LOCALE_PROVIDER libc", "");
    patterns.put("PostgreSQL \\d+[.\\w]*( \\([^)]*\\))?", "PostgreSQL {version}");
    patterns.put("(127\\.0\\.0\\.1:|PGPORT=)\\d+", "$1{port}");
    patterns.put("(?<!\\d)\\d{8}[-_]\\d{6}[-_][a-z0-9]{4}\\b", "{run}");
    patterns.put("\\b[0-9a-f]{64}\\b", "{sha256}");
    patterns.put("\\b[0-9a-f]{16}\\b(?! is)", "{digest}");
    patterns.put("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "{time}");
    patterns.put("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC", "{time}");
    patterns.put("\\([^()]* ago", "({age} ago");
    patterns.put("\\d+(\\.\\d)? (B|kB|MB|GB|TB)\\b", "{size}");
    patterns.put("(?m) +\\d+(\\.\\d)? (s|min)( \\d+ s)?$", " {seconds}");
    patterns.put("pid \\d+", "pid {pid}");
    patterns.put("by \\S+ on \\S+,", "by {user} on {host},");
    patterns.put("(\" : )\\d{5,}\\b", "$10");
    patterns.put("(?<![-=\\w])\\d{5,}\\b", "{number}");
    return patterns;
  }

  static String replaced(String text, TestProject project) {
    var replaced =
        text.replace(project.folder().toString(), "/project").replace(project.database(), "shop");
    for (var pattern : PATTERNS.entrySet()) {
      replaced = replaced.replaceAll(pattern.getKey(), pattern.getValue());
    }
    return replaced;
  }
}
