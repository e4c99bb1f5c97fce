package pgrunbook.postgres;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.process.ChildCommand;

/** The programs of this machine. */
final class LocalTools implements Tools {
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
    var variables = new ClientVariables(connector, database, application, serverMajor);
    var command = offline(program, Tools.arguments(program, database, args));
    for (var variable : variables.road().entrySet()) {
      command = command.with(variable.getKey(), variable.getValue());
    }
    for (var variable : variables.session().entrySet()) {
      command = command.withQuietly(variable.getKey(), variable.getValue());
    }
    var address = address(connector.host());
    if (address.isPresent()) {
      command = command.withQuietly("PGHOSTADDR", address.get());
    }
    if (connector.password().isPresent()) {
      return command.withSecret("PGPASSWORD", connector.password().get());
    }
    // JDBC reads that file too, so both find the same password
    return environment.containsKey(PASSFILE)
        ? command.with(PASSFILE, environment.getOrDefault(PASSFILE, ""))
        : command;
  }

  /** JDBC goes to a name's first address; these would try all, in an order of their own. */
  private static Optional<String> address(String host) {
    try {
      var all = InetAddress.getAllByName(host);
      return all.length > 1 ? Optional.of(all[0].getHostAddress()) : Optional.empty();
    } catch (UnknownHostException _) {
      return Optional.empty(); // JDBC says so
    }
  }

  private Path path(String program) {
    return folders.stream()
        .flatMap(folder -> folder.program(program).stream())
        .findFirst()
        .orElseThrow(() -> new PostgresException(Packages.missing(program, serverMajor), "", null));
  }
}
