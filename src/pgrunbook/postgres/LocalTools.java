package pgrunbook.postgres;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.process.ChildCommand;

/** The programs of this machine. */
final class LocalTools implements Tools {
  private static final String OPTIONS =
      "-c default_transaction_read_only=off -c statement_timeout=0 -c lock_timeout=0"
          + " -c idle_in_transaction_session_timeout=0";
  private static final String PASSFILE = "PGPASSFILE";

  private final Map<String, String> environment;
  private final Optional<Integer> serverMajor;
  private final List<BinFolder> folders;

  LocalTools(
      Map<String, String> environment, Optional<Integer> serverMajor, List<BinFolder> folders) {
    this.environment = Map.copyOf(environment);
    this.serverMajor = serverMajor;
    this.folders = List.copyOf(folders);
  }

  @Override
  public Optional<Integer> major(String program) {
    return folders.stream()
        .filter(folder -> folder.program(program).isPresent())
        .map(BinFolder::major)
        .findFirst();
  }

  @Override
  public ChildCommand offline(String program, List<String> args) {
    var argv = new ArrayList<>(List.of(path(program).toString()));
    argv.addAll(args);
    return ChildCommand.of(argv).without("PG");
  }

  @Override
  public ChildCommand command(
      String program, Connector connector, String database, String application, List<String> args) {
    var all = new ArrayList<>(List.of("--no-password"));
    if (program.equals("pg_restore")) {
      // reads PGDATABASE never, and takes a name with '=' or '://' for a connection string
      all.add("--dbname=dbname=" + Literals.connectionValue(database));
    }
    all.addAll(args);
    var command =
        offline(program, all)
            .with("PGHOST", connector.host())
            .with("PGPORT", Integer.toString(connector.port()))
            .with("PGUSER", connector.user())
            .with("PGDATABASE", database)
            .withQuietly("PGAPPNAME", application)
            .withQuietly("PGCONNECT_TIMEOUT", "10")
            .withQuietly("PGOPTIONS", OPTIONS + transactionTimeout());
    if (connector.sslmode().isPresent()) {
      command = command.with("PGSSLMODE", connector.sslmode().get());
    }
    if (connector.password().isPresent()) {
      return command.withSecret("PGPASSWORD", connector.password().get());
    }
    // JDBC reads that file too, so both find the same password
    return environment.containsKey(PASSFILE)
        ? command.with(PASSFILE, environment.getOrDefault(PASSFILE, ""))
        : command;
  }

  private String transactionTimeout() {
    return serverMajor
        .filter(major -> major >= 17)
        .map(_ -> " -c transaction_timeout=0")
        .orElse("");
  }

  private Path path(String program) {
    return folders.stream()
        .flatMap(folder -> folder.program(program).stream())
        .findFirst()
        .orElseThrow(() -> new PostgresException(Packages.missing(program, serverMajor), "", null));
  }
}
