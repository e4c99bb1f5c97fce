package pgrunbook.actions;

import java.util.ArrayList;
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
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/**
 * Creates what containers are missing and starts services, which gives back what stopping them or
 * taking them down took.
 */
public final class ComposeUp
    implements Action<ComposeUp.Input, ComposeUp.Intent, ComposeUp.Output> {

  /** What to bring up; where the list turns out empty in a run, there is nothing to do. */
  public record Input(
      @Doc("services to bring up, all unless given") Optional<Late<List<String>>> services,
      @Doc("whether containers are left as they are where their configuration changed")
          @Default("true")
          boolean noRecreate) {}

  /**
   * What there was before the first attempt.
   *
   * @param wereStopped the services that were stopped, or ran in part: those an undo stops
   */
  public record Intent(List<String> wereStopped) {
    public Intent {
      wereStopped = List.copyOf(wereStopped);
    }
  }

  /**
   * What was done.
   *
   * @param started the services that this step started, without those that ran already
   */
  public record Output(List<String> started) {
    public Output {
      started = List.copyOf(started);
    }
  }

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "compose.up",
        1,
        "creates and starts services of the Compose project and waits until they run",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.MUTATING);
    ComposeSteps.project(preview, look, "use service.start")
        .ifPresent(compose -> show(preview, in, compose, look));
    return preview.build();
  }

  private static void show(Preview.Builder preview, Input in, ComposeView compose, Look look) {
    var services = ComposeSteps.chosen(in.services(), compose.services());
    var claimed = ServiceSteps.claimed(services);
    var command = compose.command(words(in, claimed));
    ComposeSteps.show(preview, in.services(), services, compose, look);
    if (in.services().isEmpty() || !claimed.isEmpty()) {
      preview.command(ComposeSteps.shown(compose, command, look));
    }
    if (!in.noRecreate()) {
      preview.warning(
          "containers whose configuration changed are replaced, PostgreSQL's among them where the"
              + " services depend on it: what they wrote outside volumes is lost, and its server"
              + " restarts");
    }
    claimed.forEach(name -> preview.leaves(new Claim.Pays(ServiceSteps.owedAs(name))));
  }

  /** Compose takes "no service" for all of them. */
  private static List<String> words(Input in, List<String> services) {
    var words = new ArrayList<>(List.of("up", "-d"));
    if (in.noRecreate()) {
      words.add("--no-recreate");
    }
    in.services().ifPresent(_ -> words.addAll(services));
    return words;
  }

  private static List<String> services(Input in, Look look) throws StepFailed {
    var compose = ComposeSteps.project(look);
    return ComposeSteps.known(ComposeSteps.chosen(in.services(), compose.services()), compose);
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) throws StepFailed {
    var services = services(in, look);
    return earlier.orElseGet(
        () -> new Intent(ServiceSteps.look(services, look.services()).stopped()));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var compose = ComposeSteps.project(act);
    var services = services(in, act);
    if (!services.isEmpty()) {
      act.progress().doing("bringing up " + String.join(", ", services));
      ComposeSteps.run(
          "bring up " + String.join(", ", services),
          compose,
          compose.command(words(in, services)),
          act);
      for (var service : services) {
        act.progress().doing("waiting for " + service);
        ServiceSteps.start(service, act);
        act.log().line("service " + service + " runs");
      }
    }
    return new Output(intent.wereStopped());
  }

  /**
   * Where Compose may replace containers, services that run look the same before and after; as
   * bringing them up again does no harm, that is then not known to be done.
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
    var observed =
        ServiceSteps.started(found, intent.wereStopped(), new Output(intent.wereStopped()));
    if (in.noRecreate() || !(observed instanceof Observed.Done)) {
      return observed;
    }
    return intent.wereStopped().isEmpty()
        ? new Observed.NotDone<>()
        : new Observed.Partly<>("all run, but some containers may still have to be replaced");
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    return Optional.of(new Call("service.stop", Map.of("services", "${step.intent.were_stopped}")));
  }
}
