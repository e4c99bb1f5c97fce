package pgrunbook.environment;

import java.util.List;
import java.util.Optional;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/** How the services of an environment that runs in Docker Compose are found. */
public record ComposeSettings(
    @Doc("the Compose file, relative to the project folder") String file,
    @Doc("the Compose project, where it is not the folder's name") Optional<String> project,
    @Doc("the service that PostgreSQL runs in") @Default(POSTGRES) String postgresService,
    @Doc("profiles that are active") @Default("[]") List<String> profiles,
    @Doc("how Compose is called; by default [docker, compose], or [docker-compose] without that")
        Optional<List<String>> command,
    @Doc(
            "its options before all others, such as [-f, compose.yaml] of a file that this one is"
                + " laid over")
        @Default("[]")
        List<String> options) {
  /** What most Compose files call it. */
  public static final String POSTGRES = "postgres";

  public ComposeSettings {
    command = command.map(argv -> Argv.copyOf("command", argv));
    profiles = List.copyOf(profiles);
    options = List.copyOf(options);
  }
}
