package pgrunbook.actions;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.compose.ComposeView;
import pgrunbook.expression.Late;
import pgrunbook.process.ChildCommand;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/**
 * Runs a program in the running container of a Compose service; it ends as with <code>exec</code>.
 *
 * <p>Docker does not end the program when <code>docker compose exec</code> is ended (tried with
 * Compose 2.26 on engine 28.2): after a time-out, Ctrl-C or a crash it goes on inside the
 * container. So repeatable means "also while the first one still runs".
 */
public final class ComposeExec implements Action<ComposeExec.Input, Exec.Intent, Exec.Output> {

  /** What to run and where, and how to judge it. */
  public record Input(
      @Doc("service whose container it runs in") String service,
      @Doc("program and its arguments, which no shell reads") List<Late<String>> argv,
      @Doc("variables set for the program; docker's arguments name them, without values")
          @Default("{}")
          Map<String, Late<String>> env,
      @Doc("text for its standard input") Optional<Late<String>> stdin,
      @Doc("user in the container, the image's unless given") Optional<String> user,
      @Doc("folder in the container, the image's unless given") Optional<String> folder,
      @Doc("what it does to the world") @Default("undetermined") Effect effect,
      @Doc("whether running it twice does no harm, also at the same time") @Default("false")
          boolean repeatable,
      @Doc("exit code that means success") @Default("0") int expectExit,
      @Doc("how its standard output is given to later steps, up to 64 KB") @Default("none")
          Exec.Capture output,
      @Doc("why a destructive program may run without a way back") Optional<String> noWayBack)
      implements ProgramSteps.Input {
    public Input {
      argv = List.copyOf(argv);
      env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
      ProgramSteps.checkProgram(argv);
    }
  }

  @Override
  public Kind<Input, Exec.Intent, Exec.Output> kind() {
    return new Kind<>(
        "compose.exec",
        1,
        "runs a program in a service's running container, without a shell",
        Input.class,
        Exec.Intent.class,
        Exec.Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(in.effect());
    ComposeSteps.project(preview, look, "use exec, which runs programs beside pgrunbook")
        .ifPresent(compose -> show(preview, in, compose, look));
    ProgramSteps.checkSecrets(preview, in, look);
    ProgramSteps.checkWayBack(preview, in, look);
    return preview.build();
  }

  private static void show(Preview.Builder preview, Input in, ComposeView compose, Look look) {
    preview.command(ComposeSteps.shown(compose, command(in, compose), look));
    ProgramSteps.showInput(preview, in, look);
    in.env().keySet().forEach(name -> ContainerVariables.check(preview, name));
    if (ComposeSteps.knows(preview, compose, in.service())) {
      ComposeSteps.mustRun(preview, in.service(), look);
    }
  }

  private static ChildCommand command(Input in, ComposeView compose) {
    var words = new ArrayList<>(List.of("exec", "-T"));
    in.user().ifPresent(user -> words.addAll(List.of("--user", user)));
    in.folder().ifPresent(folder -> words.addAll(List.of("--workdir", folder)));
    in.env().keySet().forEach(name -> words.addAll(List.of("--env", name)));
    words.add(in.service());
    var shown = new ArrayList<>(words);
    shown.addAll(ProgramSteps.words(in));
    words.addAll(ChildCommand.receipted(ProgramSteps.words(in)));
    var command = compose.command(words).shownAs(compose.command(shown).argv()).withReceipt();
    return ProgramSteps.withVariables(command, in);
  }

  @Override
  public Exec.Intent intend(Input in, Optional<Exec.Intent> earlier, Look look) {
    return new Exec.Intent();
  }

  @Override
  public Exec.Output run(Input in, Exec.Intent intent, Act act)
      throws StepFailed, InterruptedException {
    var compose = ComposeSteps.project(act);
    var command = command(in, compose);
    if (compose.simulated()) {
      act.log().line("not run: " + ComposeSteps.shown(compose, command, act));
      return ProgramSteps.output(in, in.expectExit(), "");
    }
    var captured = new Captured(in.output() != Exec.Capture.NONE);
    var finished = ProgramSteps.run(in, command, captured, act);
    var who = who(in);
    if (finished.timedOut()) {
      throw StepFailed.uncertain(
          act.masking().mask(who + " failed: " + finished.why()),
          "it may still run in the container: docker can't end it from outside;"
              + " look, and give the step a longer timeout");
    }
    var docker = DockerFailure.of(who, in.service(), finished, captured.lastLine(), act.masking());
    if (docker.isPresent()) {
      throw docker.get();
    }
    if (!finished.confirmed()) {
      throw StepFailed.uncertain(
          act.masking().mask("nobody knows how " + who + " ended: " + finished.why()),
          "it may still run in the container: look, then 'resume --redo' or 'resume --done'");
    }
    ProgramSteps.judge(in, who, finished, act);
    return ProgramSteps.output(in, finished.exit(), captured.text(act));
  }

  private static String who(Input in) {
    return "'" + in.program() + "' in service " + in.service();
  }

  /** Nothing was run in a rehearsal, so it can be "run" again. */
  @Override
  public Observed<Exec.Output> inspect(Input in, Exec.Intent intent, Look look) {
    return look.compose().filter(ComposeView::simulated).isPresent()
        ? new Observed.NotDone<>()
        : ProgramSteps.inspect(
            in, who(in) + " may still run, or may or may not have run to its end");
  }
}
