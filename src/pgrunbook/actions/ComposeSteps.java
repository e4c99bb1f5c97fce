package pgrunbook.actions;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Claim;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.compose.ComposeView;
import pgrunbook.expression.Late;
import pgrunbook.process.ChildCommand;
import pgrunbook.service.ServiceState;
import pgrunbook.text.Closest;

/** What the actions on a Compose project have in common. */
final class ComposeSteps {
  private static final String NONE = "the environment has no Compose project";

  private ComposeSteps() {}

  /**
   * The environment's project; where it has none, that is a problem.
   *
   * @param instead what to do without one
   */
  static Optional<ComposeView> project(Preview.Builder preview, Look look, String instead) {
    if (look.compose().isEmpty()) {
      preview.problem(NONE, "add 'compose: {file: …}' to its file, or " + instead);
    }
    return look.compose();
  }

  static ComposeView project(Look look) throws StepFailed {
    return look.compose().orElseThrow(() -> new StepFailed(NONE));
  }

  /** A command as a plan shows it. */
  static String shown(ComposeView compose, ChildCommand command, Look look) {
    var shown = command.shown(look.masking());
    return compose.simulated() ? "(simulated) " + shown : shown;
  }

  /** Whether the project has the service; where not, that is a problem. */
  static boolean knows(Preview.Builder preview, ComposeView compose, String service) {
    var known = compose.simulated() || compose.services().contains(service);
    if (!known) {
      preview.problem(
          "unknown service '" + service + "'", Closest.hint(service, compose.services()));
    }
    return known;
  }

  /** Warns where the service does not run, or will not when the step comes. */
  static void mustRun(Preview.Builder preview, String service, Look look) {
    var state = ServiceSteps.state(preview, service, look);
    if (look.held().stream()
        .anyMatch(
            it -> it instanceof Claim.Owes(var id, _) && id.equals(ServiceSteps.owedAs(service)))) {
      preview.warning(
          "a step before this one stops service " + service + ", and none starts it again");
    } else if (state instanceof ServiceState.Stopped || state instanceof ServiceState.Partly) {
      preview.warning(
          "service " + service + " does not run now; a step before this one has to start it");
    }
  }

  /** The services of a step: those that are written, or those that it takes otherwise. */
  static Late<List<String>> chosen(Optional<Late<List<String>>> written, List<String> otherwise) {
    return written.orElseGet(() -> Late.known(otherwise));
  }

  /** Adds the services' states and what is wrong with their names. */
  static void show(
      Preview.Builder preview,
      Optional<Late<List<String>>> written,
      Late<List<String>> services,
      ComposeView compose,
      Look look) {
    if (written.isEmpty() && compose.simulated()) {
      preview.unknown("which services there are: the Compose project is simulated");
    } else {
      ServiceSteps.show(preview, services, look, List.of());
    }
  }

  /** The services of a step in a run, each once; Compose itself would pass over an unknown one. */
  static List<String> known(Late<List<String>> services, ComposeView compose) throws StepFailed {
    var names = services.get().stream().distinct().toList();
    for (var name : names) {
      if (!compose.simulated() && !compose.services().contains(name)) {
        throw new StepFailed(
            "unknown service '" + name + "'", Closest.hint(name, compose.services()));
      }
    }
    return names;
  }

  static List<String> words(List<String> command, List<String> services) {
    var words = new ArrayList<>(command);
    words.addAll(services);
    return words;
  }

  /** Runs a command that has to succeed; one that is simulated is only shown. */
  static void run(String what, ComposeView compose, ChildCommand command, Act act)
      throws StepFailed, InterruptedException {
    act.log().line(shown(compose, command, act));
    if (compose.simulated()) {
      return;
    }
    try {
      var finished = act.processes().run(command, act.log()::line, act.log()::line, act.deadline());
      if (!finished.succeeded()) {
        throw new StepFailed(
            act.masking().mask("cannot " + what + ": " + finished.why()),
            finished.timedOut()
                ? "give the step a longer timeout"
                : "the step's log has all that Compose said");
      }
    } catch (IOException e) {
      throw new StepFailed(
          act.masking().mask("cannot " + what + ": " + e.getMessage()),
          Optional.of("the command was: " + command.shown(act.masking())),
          e);
    } finally {
      compose.changed();
    }
  }
}
