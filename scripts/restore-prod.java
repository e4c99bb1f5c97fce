//JAVA 25+
//DEPS runbook.java
//JAVA_OPTIONS -XX:+UseSerialGC -Xmx96m -Xmn12m -XX:CICompilerCount=2 -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8

import java.util.stream.Stream;

/** {@code jbang restore-prod.java --dry-run} is {@code run restore-prod --dry-run}. */
final class RestoreProd {
  private RestoreProd() {}

  public static void main(String... args) throws Exception {
    var command = Stream.concat(Stream.of("run", "restore-prod"), Stream.of(args));
    System.exit(pgrunbook.cli.Runbooks.launch(command.toArray(String[]::new)));
  }
}
