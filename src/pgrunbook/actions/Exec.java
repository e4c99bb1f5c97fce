package pgrunbook.actions;

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
import pgrunbook.expression.Late;
import pgrunbook.process.ChildCommand;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/** Runs a program with its arguments; no shell is involved unless it is the program. */
public final class Exec implements Action<Exec.Input, Exec.Intent, Exec.Output> {

  /** What becomes of a program's standard output, besides being logged. */
  public enum Capture {
    NONE,
    TEXT,
    LINES
  }

  /** What to run, and how to judge it. */
  public record Input(
      @Doc("program and its arguments, which no shell reads") List<Late<String>> argv,
      @Doc("folder to run in, relative to the project") @Default(".") String folder,
      @Doc("variables set for the program") @Default("{}") Map<String, Late<String>> env,
      @Doc("text for its standard input") Optional<Late<String>> stdin,
      @Doc("what it does to the world") @Default("undetermined") Effect effect,
      @Doc("whether running it twice does no harm") @Default("false") boolean repeatable,
      @Doc("exit code that means success") @Default("0") int expectExit,
      @Doc("how its standard output is given to later steps, up to 64 KB") @Default("none")
          Capture output,
      @Doc("why a destructive program may run without a way back") Optional<String> noWayBack)
      implements ProgramSteps.Input {
    public Input {
      argv = List.copyOf(argv);
      env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
      ProgramSteps.checkProgram(argv);
    }
  }

  /** Nothing: what a program does can't be told from outside. */
  public record Intent() {}

  /**
   * How it ended.
   *
   * @param stdout with <code>output: text</code>, without the line end at its end
   * @param lines with <code>output: lines</code>
   */
  public record Output(int exit, Optional<String> stdout, Optional<List<String>> lines) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "exec",
        1,
        "runs a program with its arguments, without a shell",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(in.effect());
    preview.command(command(in, look).shown(look.masking()));
    ProgramSteps.showInput(preview, in, look);
    if (!in.folder().equals(".")) {
      preview.fact("folder", in.folder());
    }
    ProgramSteps.checkSecrets(preview, in, look);
    ProgramLookup.check(command(in, look), in.argv().getFirst(), preview);
    ProgramSteps.checkWayBack(preview, in, look);
    return preview.build();
  }

  private static ChildCommand command(Input in, Look look) {
    var folder = look.target().project().resolve(in.folder()).normalize();
    return ProgramSteps.withVariables(ChildCommand.of(ProgramSteps.words(in)).in(folder), in);
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    return new Intent();
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var captured = new Captured(in.output() != Capture.NONE);
    var finished = ProgramSteps.run(in, command(in, act), captured, act);
    ProgramSteps.judge(in, "'" + in.program() + "'", finished, act);
    return ProgramSteps.output(in, finished.exit(), captured.text(act));
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    return ProgramSteps.inspect(in, "'" + in.program() + "' may or may not have run to its end");
  }
}
