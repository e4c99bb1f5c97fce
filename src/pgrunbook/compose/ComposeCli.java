package pgrunbook.compose;

import java.util.List;
import pgrunbook.postgres.Unreachable;
import pgrunbook.process.ChildCommand;
import pgrunbook.text.Problem;

/** How Compose is called on this machine: version 2 is a word of docker's, version 1 a program. */
public final class ComposeCli {
  static final String STANDALONE = "docker-compose";

  private ComposeCli() {}

  /**
   * The words before all others.
   *
   * @throws Unreachable where there is neither
   */
  public static List<String> find(Docker docker) throws Unreachable {
    try {
      docker.lines(docker.command(List.of("compose", "version")));
      return List.of("docker", "compose");
    } catch (Unreachable _) {
      try {
        docker.lines(docker.with(ChildCommand.of(STANDALONE, "version")));
        return List.of(STANDALONE);
      } catch (Unreachable e) {
        throw new Unreachable(
            Problem.of(
                "there is neither 'docker compose' nor 'docker-compose' on this machine",
                "install Docker with its Compose plugin, or name the command:"
                    + " compose.command in the environment's file"));
      }
    }
  }
}
