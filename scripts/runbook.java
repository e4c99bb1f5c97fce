//JAVA 25+
//SOURCES ../src/**/*.java
// Whatever lies beside the classes and is not Java (two patterns, for JBang splits a line at commas):
//FILES ../src/**/*.[!j]*
//FILES ../src/**/*.j[!a]*
//FILES migrations/=../migrations/**.sql
// What init writes into other repositories. Not the runbooks: whoever edits one would wait for the compiler.
//FILES starter/jbang=../jbang
//FILES starter/jbang-catalog.json=../jbang-catalog.json
//FILES starter/scripts/java-home=java-home
//FILES starter/scripts/=*.java
//DEPS info.picocli:picocli:4.7.7
//DEPS com.fasterxml.jackson.dataformat:jackson-dataformat-yaml:2.22.4
//DEPS org.postgresql:postgresql:42.7.14
//DEPS org.apache.commons:commons-exec:1.6.0
//DEPS org.flywaydb:flyway-database-postgresql:13.12.0
//DEPS org.pgcodekeeper:pgcodekeeper-core:13.1.0
//DEPS org.slf4j:slf4j-api:2.0.17
//DEPS org.jspecify:jspecify:1.0.1
// No class is made at the start for each text that is put together. Small, and C2 for what runs for minutes (SHA-256, the reader of dumps) but not for the start: docs/performance.md
//COMPILE_OPTIONS -XDstringConcat=inline
//JAVA_OPTIONS -XX:+UseSerialGC -Xmx96m -Xmn12m -XX:CICompilerCount=2 -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8

// The one launcher that is compiled with the sources: every other one, and every alias, uses its jar.
/** The whole program: {@code jbang runbook --help}. */
final class runbook {
  private runbook() {}

  public static void main(String... args) throws Exception {
    System.exit(pgrunbook.cli.Runbooks.launch(args));
  }
}
