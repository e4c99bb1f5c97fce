package pgrunbook.compose;

import java.util.ArrayList;
import java.util.List;
import pgrunbook.process.ChildCommand;

/** The Compose project of a rehearsal: its commands can be shown, and are not run. */
public record SimulatedCompose(String postgresService) implements ComposeView {
  @Override
  public List<String> services() {
    return List.of();
  }

  @Override
  public ChildCommand command(List<String> arguments) {
    var words = new ArrayList<>(List.of("docker", "compose"));
    words.addAll(arguments);
    return ChildCommand.of(words);
  }

  @Override
  public boolean simulated() {
    return true;
  }
}
