package pgrunbook.compose;

import com.sun.security.auth.module.UnixSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import pgrunbook.compose.Container.Mount;
import pgrunbook.postgres.ClientVariables;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.Tools;
import pgrunbook.postgres.Unreachable;
import pgrunbook.process.ChildCommand;
import pgrunbook.text.Problem;

/**
 * The programs in the server's own container: always of its version. They run as this process's
 * user, to whom what they write then belongs; the password is in no argument, <code>exec -e
 * PGPASSWORD</code> names it only.
 */
public final class ContainerTools implements Tools {
  private static final List<String> PROGRAMS = List.of("psql", "pg_dump", "pg_restore");
  private static final String VERSIONS =
      "for p in " + String.join(" ", PROGRAMS) + "; do \"$p\" --version 2>/dev/null; done; true";
  private static final Pattern VERSION =
      Pattern.compile("(\\S+) \\(PostgreSQL\\) (\\d+).*", Pattern.DOTALL);

  private final Inside inside;
  private final Docker docker;
  private final Mounts mounts;
  private final Optional<Integer> serverMajor;
  private final String user;
  private @Nullable Map<String, Integer> majors;

  /**
   * The programs in that container.
   *
   * @param named a folder of this machine, and where the container has it, where somebody says so
   */
  public ContainerTools(
      Inside inside, Docker docker, Optional<Integer> serverMajor, Optional<Mount> named) {
    var unix = new UnixSystem();
    this.inside = inside;
    this.docker = docker;
    this.serverMajor = serverMajor;
    this.user = unix.getUid() + ":" + unix.getGid();
    this.mounts = new Mounts(inside, docker, user, named);
  }

  @Override
  public synchronized Optional<Integer> major(String program) {
    var known = majors;
    if (known == null) {
      known = ask();
      majors = known;
    }
    return Optional.ofNullable(known.get(program));
  }

  private Map<String, Integer> ask() {
    var found = new HashMap<String, Integer>();
    try {
      for (var line : docker.lines(inside.exec(List.of("sh", "-c", VERSIONS)))) {
        var matcher = VERSION.matcher(line);
        if (matcher.matches()) {
          found.put(matcher.group(1), Integer.valueOf(matcher.group(2)));
        }
      }
      return found;
    } catch (Unreachable e) {
      throw new PostgresException(e.problem(), "08001", e);
    }
  }

  @Override
  public ChildCommand offline(String program, List<String> args) {
    return exec(List.of(), List.of(), program, args);
  }

  @Override
  public ChildCommand command(
      String program, Connector connector, String database, String application, List<String> args) {
    var variables = new ClientVariables(connector, database, application, serverMajor);
    var quiet = named(variables.session().keySet());
    var words = Tools.arguments(program, database, args);
    return with(variables, exec(road(variables), quiet, program, words));
  }

  @Override
  public ChildCommand inTerminal(
      String program, Connector connector, String database, String application, List<String> args) {
    var variables = new ClientVariables(connector, database, application, serverMajor);
    var options = new ArrayList<>(List.of("--user", user));
    options.addAll(road(variables));
    options.addAll(named(variables.session().keySet()));
    var argv = new ArrayList<>(List.of(program));
    argv.addAll(Tools.arguments(program, database, args));
    return with(variables, inside.inTerminal(options, argv));
  }

  private static List<String> road(ClientVariables variables) {
    var options = new ArrayList<String>();
    variables.road().forEach((name, value) -> options.addAll(List.of("-e", name + "=" + value)));
    if (variables.connector().password().isPresent()) {
      options.addAll(List.of("-e", "PGPASSWORD"));
    }
    return options;
  }

  /** The values of those variables that its options only name. */
  private static ChildCommand with(ClientVariables variables, ChildCommand named) {
    var command = named;
    var connector = variables.connector();
    for (var variable : variables.session().entrySet()) {
      command = command.withQuietly(variable.getKey(), variable.getValue());
    }
    return connector.password().isPresent()
        ? command.withSecret("PGPASSWORD", connector.password().get())
        : command;
  }

  private static List<String> named(Collection<String> variables) {
    return variables.stream().flatMap(name -> List.of("-e", name).stream()).toList();
  }

  private ChildCommand exec(
      List<String> shown, List<String> quiet, String program, List<String> args) {
    var argv = new ArrayList<>(List.of(program));
    argv.addAll(args);
    var options = new ArrayList<>(List.of("--user", user));
    options.addAll(shown);
    var some = List.copyOf(options);
    options.addAll(quiet);
    return inside.exec(options, some, argv);
  }

  @Override
  public Optional<String> seen(Path file) {
    return mounts.seen(docker.folder().resolve(file), false);
  }

  @Override
  public Optional<String> seenToWrite(Path file) {
    return mounts.seen(docker.folder().resolve(file), true);
  }

  @Override
  public Optional<Problem> problem(String program, int server) {
    return major(program).isPresent()
        ? Optional.empty()
        : Optional.of(
            Problem.of(
                inside.shown() + " has no program '" + program + "'",
                "is that PostgreSQL's container? its image has to bring the client programs"));
  }
}
