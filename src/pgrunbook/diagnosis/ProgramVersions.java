package pgrunbook.diagnosis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.Tools;

/** Whether the client programs are there, and new enough for the server. */
record ProgramVersions(Wiring.Road road, int serverMajor) {
  private static final Duration PATIENCE = Duration.ofSeconds(12);

  List<Finding> look() {
    try {
      return Within.run(PATIENCE, () -> all(road.tools().apply(serverMajor)));
    } catch (PostgresException e) {
      return List.of(new CouldNotCheck("the client programs", e.problem().what()));
    } catch (TimeoutException _) {
      return List.of(
          new CouldNotCheck(
              "the client programs", "no answer within " + PATIENCE.toSeconds() + " s"));
    }
  }

  private List<Finding> all(Tools tools) {
    return List.of("pg_dump", "pg_restore", "psql").stream()
        .map(program -> program(tools, program))
        .toList();
  }

  private Finding program(Tools tools, String program) {
    return tools
        .problem(program, serverMajor)
        .<Finding>map(it -> new Trouble(it.what(), it.hint().orElse("install it")))
        .orElseGet(() ->
            new Fine(
                program
                    + " "
                    + tools.major(program).map(String::valueOf).orElse("")
                    + ", the server is "
                    + serverMajor));
  }
}
