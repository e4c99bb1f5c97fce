package pgrunbook.cli;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import pgrunbook.compose.ComposeProject;
import pgrunbook.environment.Environment;
import pgrunbook.environment.Environments;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.PostgresException;
import pgrunbook.postgres.Tools;
import pgrunbook.process.ChildCommand;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import pgrunbook.text.Refused;

/**
 * A place in front of one database: reached, announced, and ready for psql.
 *
 * @param compose where the server and its psql are in a container
 * @param readOnly whether transactions are read-only unless they say otherwise
 * @param application the application_name of this one call's sessions
 */
record PsqlSeat(
    Project project,
    Environment environment,
    Optional<ComposeProject> compose,
    Reach reach,
    PlainCluster cluster,
    Tools tools,
    String database,
    boolean readOnly,
    boolean write,
    String application)
    implements AutoCloseable {
  private static final String PSQL = "psql";

  private static final String ASKED =
      "SELECT current_setting('server_version_num')::int / 10000,"
          + " (SELECT system_identifier FROM pg_control_system())";

  /**
   * What was asked for.
   *
   * @param person whether somebody is going to sit there
   */
  record Wanted(
      Optional<String> environment, Optional<String> database, boolean write, boolean person) {}

  /** What the server said. */
  private record Answer(int major, String systemIdentifier) {}

  /** There is no way to the database: what psql ends with 2 for. */
  static final class NotThere extends Exception {
    private static final long serialVersionUID = 1;
    private final transient List<Problem> problems;

    NotThere(List<Problem> problems, RuntimeException cause) {
      super(cause);
      this.problems = List.copyOf(problems);
    }

    List<Problem> problems() {
      return problems;
    }
  }

  /**
   * Connects once, so that what is wrong is said as everywhere else, and says where this leads.
   *
   * @throws Refused where it is another cluster than the environment says
   */
  static PsqlSeat take(Context context, Project where, Wanted wanted) throws NotThere {
    var name = wanted.environment().orElseGet(() -> usual(where));
    var problems = new Problems();
    var read = where.environment(name, problems);
    problems.throwIfAny();
    var environment = read.orElseThrow();
    try {
      var seat = connect(environment, where, wanted);
      if (environment.isProtected() || wanted.environment().isEmpty() || wanted.person()) {
        context.err().println(seat.announcement());
      }
      return seat;
    } catch (PostgresException e) {
      throw new NotThere(List.of(e.problem()), e);
    }
  }

  private static PsqlSeat connect(Environment environment, Project where, Wanted wanted)
      throws NotThere {
    var compose = compose(environment, where);
    var reach = Reach.of(environment, compose);
    var application = "pgrunbook/psql/" + UUID.randomUUID().toString().substring(0, 8);
    var cluster = new PlainCluster(reach.connections(), () -> application);
    var database = wanted.database().orElse(environment.database().name());
    var answer = ask(cluster, database);
    refuseAnother(environment, answer);
    return new PsqlSeat(
        where,
        environment,
        compose,
        reach,
        cluster,
        reach.tools().apply(answer.major()),
        database,
        environment.isProtected() && !wanted.write(),
        wanted.write(),
        application);
  }

  private static Optional<ComposeProject> compose(Environment environment, Project where)
      throws NotThere {
    try {
      return Reach.compose(environment, where);
    } catch (Refused e) {
      throw new NotThere(e.problems(), e);
    }
  }

  private static Answer ask(PlainCluster cluster, String database) {
    return cluster.read(
        database,
        connection -> {
          try (var statement = connection.createStatement();
              var row = statement.executeQuery(ASKED)) {
            row.next();
            return new Answer(row.getInt(1), row.getString(2));
          }
        });
  }

  private static void refuseAnother(Environment environment, Answer answer) {
    var expected = environment.systemIdentifier();
    if (expected.isPresent() && !expected.get().equals(answer.systemIdentifier())) {
      throw new Refused(
          "this is another cluster: system identifier "
              + answer.systemIdentifier()
              + ", the environment says "
              + expected.get(),
          "does the environment point at the right server?");
    }
  }

  /** The only environment, or the one that nobody minds. */
  private static String usual(Project where) {
    var all = Environments.list(where.folder());
    if (all.size() == 1) {
      return all.getFirst();
    }
    if (all.contains("dev")) {
      return "dev";
    }
    throw PsqlCommand.wrong(
        all.isEmpty() ? "there is no environment" : "which environment?",
        all.isEmpty()
            ? "write runbooks/environments/dev.yaml"
            : "name it: --env " + String.join(", --env ", all));
  }

  private String announcement() {
    var how =
        !environment.isProtected()
            ? ""
            : readOnly
                ? "; read-only, --write opens it for changes"
                : "; OPEN FOR CHANGES, because of --write";
    return environment.name()
        + (environment.isProtected() ? " (protected)" : "")
        + ": database "
        + database
        + " "
        + reach.shown()
        + how;
  }

  /** psql for a script. */
  ChildCommand command(List<String> arguments) {
    return opened(
        tools.command(PSQL, reach.connections().connector(), database, application, arguments));
  }

  /** psql for a person at this terminal. */
  ChildCommand inTerminal(List<String> arguments) {
    return opened(
        tools.inTerminal(PSQL, reach.connections().connector(), database, application, arguments));
  }

  /**
   * A person's session keeps the time-outs that role and database have; a protected one is locked.
   */
  private ChildCommand opened(ChildCommand psql) {
    var options =
        readOnly
            ? "-c default_transaction_read_only=on"
            : write ? "-c default_transaction_read_only=off" : "";
    return psql.withQuietly("PGOPTIONS", options);
  }

  @Override
  public void close() {
    cluster.close();
  }
}
