package pgrunbook.service;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import pgrunbook.process.Deadline;
import pgrunbook.text.Closest;

/** Services that are started, stopped and checked by commands. */
public final class CommandServices implements Services {
  private final Map<String, Commands> commands;
  private final CommandRunner runner;

  public CommandServices(Map<String, Commands> commands, CommandRunner runner) {
    this.commands = new TreeMap<>(commands);
    this.runner = runner;
  }

  @Override
  public List<String> names() {
    return List.copyOf(commands.keySet());
  }

  @Override
  public ServiceState state(String service) {
    var known = commands.get(service);
    if (known == null) {
      return new ServiceState.Unknown("there is no service '" + service + "'");
    }
    var checked = runner.check(known.check());
    return switch (checked.answer()) {
      case YES -> new ServiceState.Running();
      case NO -> new ServiceState.Stopped();
      case UNKNOWN -> new ServiceState.Unknown(checked.why());
    };
  }

  @Override
  public String shown(String service, Verb verb) {
    var known = commands.get(service);
    return known == null ? "(no service '" + service + "')" : runner.shown(argv(known, verb));
  }

  @Override
  public boolean simulated() {
    return false;
  }

  @Override
  public void start(String service, Deadline deadline) throws ServiceFailed, InterruptedException {
    reach(new ServiceState.Running(), service, Verb.START, deadline);
  }

  @Override
  public void stop(String service, Deadline deadline) throws ServiceFailed, InterruptedException {
    reach(new ServiceState.Stopped(), service, Verb.STOP, deadline);
  }

  private void reach(ServiceState wanted, String service, Verb verb, Deadline deadline)
      throws ServiceFailed, InterruptedException {
    var known = commands.get(service);
    if (known == null) {
      throw new ServiceFailed(
          "there is no service '" + service + "'", Closest.hint(service, commands.keySet()));
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (!state(service).equals(wanted)) {
      var what = "cannot " + (verb == Verb.START ? "start" : "stop") + " service '" + service + "'";
      runner.act(what, argv(known, verb), () -> state(service).equals(wanted), deadline);
    }
  }

  private static List<String> argv(Commands commands, Verb verb) {
    return switch (verb) {
      case START -> commands.start();
      case STOP -> commands.stop();
      case CHECK -> commands.check();
    };
  }
}
