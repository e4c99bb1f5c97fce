package pgrunbook.diagnosis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.compose.ComposeProject;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.diagnosis.Runs.Standing;
import pgrunbook.environment.Environment;
import pgrunbook.process.ChildCommand;
import pgrunbook.text.Masking;

/** An environment under examination, and how its commands are written down. */
record Patient(
    Environment environment, Path project, Wiring wiring, Optional<ComposeProject> compose) {
  Patient with(ComposeProject opened) {
    return new Patient(environment, project, wiring, Optional.of(opened));
  }

  String database() {
    return environment.database().name();
  }

  String user() {
    return environment.database().user();
  }

  /** As it is shown. */
  Path envFile() {
    return project.relativize(environment.envFile());
  }

  Masking masking() {
    return new Masking(environment.hidden(List.of()));
  }

  /** A command of this program for this environment. */
  String called(String words) {
    return wiring.called(words);
  }

  /** What mends something, or first to end a run that waits: it may be the reason. */
  String unlessRunWaits(String command) {
    return wiring
        .runs()
        .waiting(environment.name())
        .map(run -> called("resume " + run))
        .orElse(command);
  }

  /** What a run has taken away; one that is at work gives it back by itself. */
  Finding owed(String what, String run) {
    return wiring.runs().standing(run) == Standing.AT_WORK
        ? new Fine(what + ": run " + run + ", which is at work, owes it")
        : new Trouble(what + ", and run " + run + " owes it", called("resume " + run));
  }

  /** One statement as the environment's role. */
  String sql(String database, String sql) {
    return program("psql", List.of("-d", database, "-c", sql));
  }

  /** A client program beside the server, or on the road to it. */
  String program(String program, List<String> arguments) {
    return program(program, user(), arguments);
  }

  /** The same as another role. */
  String program(String program, String role, List<String> arguments) {
    var words = new ArrayList<String>(List.of(program));
    if (compose.isEmpty()) {
      words.addAll(List.of("-h", environment.database().host()));
      words.addAll(List.of("-p", Integer.toString(environment.database().port())));
    }
    words.addAll(List.of("-U", role));
    words.addAll(arguments);
    return compose
        .map(it -> {
          var all = new ArrayList<>(List.of("exec", it.postgresService()));
          all.addAll(words);
          return it.command(all);
        })
        .orElseGet(() -> ChildCommand.of(words))
        .shown(masking());
  }
}
