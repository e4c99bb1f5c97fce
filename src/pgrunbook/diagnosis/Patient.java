package pgrunbook.diagnosis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.compose.ComposeProject;
import pgrunbook.environment.Environment;
import pgrunbook.process.ChildCommand;
import pgrunbook.text.Masking;
import pgrunbook.text.Secret;

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

  Masking masking() {
    var names = List.of("postgres", environment.name(), database(), user());
    var secrets = new ArrayList<Secret>(environment.secretValues());
    secrets.removeIf(secret -> names.contains(secret.reveal()));
    return new Masking(secrets);
  }

  /** A command of this program for this environment. */
  String called(String words) {
    return wiring.called(words);
  }

  /** One statement as the environment's role. */
  String sql(String database, String sql) {
    return program("psql", List.of("-d", database, "-c", sql));
  }

  /** A client program beside the server, or on the road to it. */
  String program(String program, List<String> arguments) {
    var words = new ArrayList<String>(List.of(program));
    if (compose.isEmpty()) {
      words.addAll(List.of("-h", environment.database().host()));
      words.addAll(List.of("-p", Integer.toString(environment.database().port())));
    }
    words.addAll(List.of("-U", user()));
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
