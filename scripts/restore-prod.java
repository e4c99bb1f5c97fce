//JAVA 25+
//DEPS runbook.java
//JAVA_OPTIONS -XX:+UseSerialGC -Xmx96m -XX:TieredStopAtLevel=1 -Xshare:auto -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8

import java.util.stream.Stream;

/** {@code jbang restore-prod.java --dry-run} is {@code run restore-prod --dry-run}. */
final class RestoreProd {
  private RestoreProd() {}

  public static void main(String... args) throws Exception {
    var command = Stream.concat(Stream.of("run", "restore-prod"), Stream.of(args));
    System.exit(pgrunbook.cli.Runbooks.launch(command.toArray(String[]::new)));
  }
}
