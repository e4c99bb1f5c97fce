package pgrunbook.action;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.Tools;
import pgrunbook.process.ChildCommand;
import pgrunbook.text.Refused;

/**
 * The client programs of this machine, on the same road to the server as JDBC.
 *
 * @param application the application_name of their sessions
 */
public record ClientPrograms(Tools tools, Connector connector, Supplier<String> application)
    implements Programs {
  @Override
  public ChildCommand command(String program, String database, List<String> arguments) {
    return tools.command(program, connector, database, application.get(), arguments);
  }

  @Override
  public Optional<String> seen(Path file) {
    return tools.seen(file);
  }

  @Override
  public Optional<String> seenToWrite(Path file) {
    return tools.seenToWrite(file);
  }

  @Override
  public int major(String program) {
    return tools
        .major(program)
        .orElseThrow(
            () -> new Refused(program + " is not there", "install PostgreSQL's client programs"));
  }
}
