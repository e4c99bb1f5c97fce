package pgrunbook.compose;

import java.util.ArrayList;
import java.util.List;
import pgrunbook.postgres.Unreachable;
import pgrunbook.process.ChildCommand;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;

/** The one container of a Compose service. */
record ServiceInside(ComposeProject project, String service) implements Inside {
  private static final List<String> NO_TERMINAL = List.of("-T");

  @Override
  public ChildCommand exec(List<String> options, List<String> shown, List<String> argv) {
    return project
        .command(words(NO_TERMINAL, options, ChildCommand.receipted(argv)))
        .shownAs(project.command(words(NO_TERMINAL, shown, argv)).argv())
        .withReceipt();
  }

  /** Both versions of Compose make a terminal unless they are told not to. */
  @Override
  public ChildCommand inTerminal(List<String> options, List<String> argv) {
    return project.command(words(List.of(), options, argv));
  }

  private List<String> words(List<String> first, List<String> options, List<String> argv) {
    var words = new ArrayList<>(List.of("exec"));
    words.addAll(first);
    words.addAll(options);
    words.add(service);
    words.addAll(argv);
    return words;
  }

  @Override
  public Container container() throws Unreachable {
    var all = project.containers(service);
    if (all.isEmpty()) {
      throw not("has no container", "start it", List.of("up", "-d", service));
    }
    var running = all.stream().filter(Container::isRunning).toList();
    if (running.size() > 1) {
      throw new Unreachable(
          Problem.of(
              shown() + " has " + running.size() + " containers",
              "a runbook works on one server: scale it to 1"));
    }
    if (running.size() == 1) {
      return running.getFirst();
    }
    throw switch (all.getFirst().status()) {
      case "paused" -> not("is paused", "go on with it", List.of("unpause", service));
      case "restarting" ->
          not("restarts again and again", "see why", List.of("logs", "--tail=50", service));
      case String other ->
          not("does not run (" + other + ")", "start it", List.of("start", service));
    };
  }

  private Unreachable not(String what, String todo, List<String> arguments) {
    return new Unreachable(
        Problem.of(
            shown() + " " + what, todo + ": " + project.command(arguments).shown(Masking.NONE)));
  }

  @Override
  public String shown() {
    return "service " + service + " of Compose project " + project.name();
  }
}
