package pgrunbook.environment;

import java.util.List;
import pgrunbook.yaml.Doc;

/** The argument lists that stop, start and check a service. */
public record ServiceCommands(
    @Doc("command that stops the service") List<String> stop,
    @Doc("command that starts the service") List<String> start,
    @Doc("command that ends with 0 where the service runs, 3 where it is stopped")
        List<String> check) {
  public ServiceCommands {
    stop = Argv.copyOf("stop", stop);
    start = Argv.copyOf("start", start);
    check = Argv.copyOf("check", check);
  }
}
