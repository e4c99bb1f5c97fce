package pgrunbook.service;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import pgrunbook.process.Deadline;

/** Services of a rehearsal: every name is one, all run at first, nothing real happens. */
public final class SimulatedServices implements Services {
  private static final String RUNNING = "running";
  private static final String STOPPED = "stopped";

  private final List<String> names;
  private final SimulatedState states;

  /** Keeps their states in that folder. */
  public SimulatedServices(Path folder, List<String> names) {
    this.names = List.copyOf(names);
    this.states = new SimulatedState(folder.resolve("services.properties"));
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public ServiceState state(String service) {
    try {
      return states.get(service, RUNNING).equals(RUNNING)
          ? new ServiceState.Running()
          : new ServiceState.Stopped();
    } catch (IOException e) {
      return new ServiceState.Unknown("cannot read the simulated state: " + e.getMessage());
    }
  }

  @Override
  public String shown(String service, Verb verb) {
    return "(simulated) " + verb.name().toLowerCase(Locale.ROOT) + " " + service;
  }

  @Override
  public boolean simulated() {
    return true;
  }

  @Override
  public void start(String service, Deadline deadline) throws ServiceFailed {
    states.put(service, RUNNING);
  }

  @Override
  public void stop(String service, Deadline deadline) throws ServiceFailed {
    states.put(service, STOPPED);
  }
}
