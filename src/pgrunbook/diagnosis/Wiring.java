package pgrunbook.diagnosis;

import java.util.Optional;
import java.util.function.Function;
import pgrunbook.action.Neighbours;
import pgrunbook.compose.ComposeProject;
import pgrunbook.environment.Environment;
import pgrunbook.postgres.Connections;
import pgrunbook.postgres.Tools;
import pgrunbook.service.MaintenanceView;
import pgrunbook.service.ServicesView;

/** How the doctor gets at an environment, and what it is told about runs. */
public interface Wiring {
  /**
   * The road to a server.
   *
   * @param tools by the server's major version
   */
  record Road(Connections connections, Function<Integer, Tools> tools) {}

  /**
   * What is around the server.
   *
   * @param commanded the services that have commands of their own in the environment
   */
  record Around(ServicesView commanded, MaintenanceView maintenance) {}

  Road road(Environment environment, Optional<ComposeProject> compose);

  Around around(Environment environment);

  /** The project's other environments; whoever asks closes them. */
  Neighbours neighbours();

  /** How this program is called with those words. */
  String called(String words);

  /** What the project's runs on an environment have left. */
  Runs runs();
}
