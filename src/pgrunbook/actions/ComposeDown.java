package pgrunbook.actions;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Call;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.compose.ComposeView;
import pgrunbook.expression.Late;
import pgrunbook.yaml.Doc;

/**
 * Stops services and removes their containers, never a volume and never PostgreSQL's container; the
 * run owes the services from then on.
 */
public final class ComposeDown
    implements Action<ComposeDown.Input, ComposeDown.Intent, ComposeDown.Output> {
  private static final List<String> REMOVE = List.of("rm", "--stop", "--force");

  /** What to take down; where the list turns out empty in a run, there is nothing to do. */
  public record Input(
      @Doc("services to take down, all but PostgreSQL's unless given")
          Optional<Late<List<String>>> services) {}

  /**
   * What there was before the first attempt.
   *
   * @param wereRunning the services that were not known to be stopped: those an undo brings up
   */
  public record Intent(List<String> wereRunning) {
    public Intent {
      wereRunning = List.copyOf(wereRunning);
    }
  }

  /**
   * What was done.
   *
   * @param stopped the services that this step stopped, without those that had been
   */
  public record Output(List<String> stopped) {
    public Output {
      stopped = List.copyOf(stopped);
    }
  }

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "compose.down",
        1,
        "stops services of the Compose project and removes their containers, not their volumes",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.MUTATING);
    ComposeSteps.project(preview, look, "use service.stop")
        .ifPresent(compose -> show(preview, in, compose, look));
    return preview.build();
  }

  private static void show(Preview.Builder preview, Input in, ComposeView compose, Look look) {
    var services = chosen(in, compose);
    var claimed = ServiceSteps.claimed(services);
    ComposeSteps.show(preview, in.services(), services, compose, look);
    if (!claimed.isEmpty()) {
      var command = compose.command(ComposeSteps.words(REMOVE, claimed));
      preview.command(ComposeSteps.shown(compose, command, look));
      preview.warning(
          "the containers are removed: what they wrote outside named volumes and mounted folders"
              + " is lost");
    }
    if (claimed.contains(compose.postgresService())) {
      preview.problem(whyNot(compose), "leave it out of services");
    }
    for (var service : claimed) {
      var what = "service " + service + " is stopped";
      preview.leaves(new Claim.Owes(ServiceSteps.owedAs(service), what));
    }
  }

  private static String whyNot(ComposeView compose) {
    return "service " + compose.postgresService() + " is PostgreSQL's, and the run needs it";
  }

  private static Late<List<String>> chosen(Input in, ComposeView compose) {
    var postgres = compose.postgresService();
    return ComposeSteps.chosen(
        in.services(), compose.services().stream().filter(name -> !name.equals(postgres)).toList());
  }

  private static List<String> services(Input in, Look look) throws StepFailed {
    var compose = ComposeSteps.project(look);
    var names = ComposeSteps.known(chosen(in, compose), compose);
    if (names.contains(compose.postgresService())) {
      throw new StepFailed(whyNot(compose), "leave it out of services");
    }
    return names;
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) throws StepFailed {
    var services = services(in, look);
    return earlier.orElseGet(() ->
        new Intent(services.stream().filter(name -> !ServiceSteps.isStopped(name, look)).toList()));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var compose = ComposeSteps.project(act);
    var services = services(in, act);
    if (!services.isEmpty()) {
      var what = "take down " + String.join(", ", services);
      act.progress().doing("taking down " + String.join(", ", services));
      ComposeSteps.run(what, compose, compose.command(ComposeSteps.words(REMOVE, services)), act);
      for (var service : services) {
        ServiceSteps.stop(service, act);
        act.log().line("service " + service + " is stopped");
      }
    }
    return new Output(intent.wereRunning());
  }

  /**
   * The states tell. A service that is stopped counts as done, whether or not its container was
   * removed: that a container is left is not seen, and takes nothing from anybody.
   */
  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    List<String> services;
    try {
      services = services(in, look);
    } catch (StepFailed e) {
      return new Observed.Unknown<>(String.valueOf(e.getMessage()));
    }
    var found = ServiceSteps.look(services, look.services());
    return ServiceSteps.stopped(found, intent.wereRunning(), new Output(intent.wereRunning()));
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    return Optional.of(new Call("compose.up", Map.of("services", "${step.intent.were_running}")));
  }
}
