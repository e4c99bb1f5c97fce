package pgrunbook.compose;

import java.util.ArrayList;
import java.util.List;
import pgrunbook.postgres.Unreachable;
import pgrunbook.process.ChildCommand;
import pgrunbook.text.Problem;

/** A container of no Compose project, known by its name. */
public record SingleContainer(Docker docker, String name) implements Inside {
  @Override
  public ChildCommand exec(List<String> options, List<String> shown, List<String> argv) {
    return docker
        .command(words(options, ChildCommand.receipted(argv)))
        .shownAs(shownWords(shown, argv))
        .withReceipt();
  }

  @Override
  public ChildCommand inTerminal(List<String> options, List<String> argv) {
    var all = new ArrayList<>(List.of("--tty"));
    all.addAll(options);
    return docker.command(words(all, argv));
  }

  private List<String> words(List<String> options, List<String> argv) {
    var words = new ArrayList<>(List.of("exec", "--interactive"));
    words.addAll(options);
    words.add(name);
    words.addAll(argv);
    return words;
  }

  private List<String> shownWords(List<String> shown, List<String> argv) {
    var words = new ArrayList<>(docker.words());
    words.addAll(words(shown, argv));
    return words;
  }

  @Override
  public Container container() throws Unreachable {
    return docker.containers(List.of("name=^/?" + name + "$")).stream()
        .filter(Container::isRunning)
        .findFirst()
        .orElseThrow(() ->
            new Unreachable(
                Problem.of(
                    "the container " + name + " does not run", "see 'docker logs " + name + "'")));
  }

  @Override
  public String shown() {
    return "container " + name;
  }
}
