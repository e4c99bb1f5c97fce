package pgrunbook.actions;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Late;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Finished;
import pgrunbook.process.Stdin;
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
      @Doc("why a destructive program may run without a way back") Optional<String> noWayBack) {
    public Input {
      argv = List.copyOf(argv);
      env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
      if (argv.isEmpty() || argv.getFirst().shown().isBlank()) {
        throw new IllegalArgumentException("'argv' names no program");
      }
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
    in.stdin().ifPresent(text -> preview.fact("stdin", look.masking().mask(text.shown())));
    if (!in.folder().equals(".")) {
      preview.fact("folder", in.folder());
    }
    if (in.argv().stream().anyMatch(word -> isSecret(word.shown(), look))) {
      preview.problem(
          "a secret in a program's arguments can be read by everybody on the machine",
          "hand it over in a variable, under env");
    }
    ProgramLookup.check(command(in, look), in.argv().getFirst(), preview);
    if (in.effect() == Effect.DESTRUCTIVE) {
      in.noWayBack()
          .ifPresentOrElse(
              reason -> preview.warning("no way back: " + reason),
              () -> preview.needs(new Claim.WayBack(look.target().database())));
    }
    return preview.build();
  }

  private static boolean isSecret(String word, Look look) {
    return !look.masking().mask(word).equals(word);
  }

  private static ChildCommand command(Input in, Look look) {
    var command =
        ChildCommand.of(in.argv().stream().map(Late::shown).toList())
            .in(look.target().project().resolve(in.folder()).normalize());
    for (var variable : in.env().entrySet()) {
      command = command.with(variable.getKey(), variable.getValue().shown());
    }
    return command;
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    return new Intent();
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var command = command(in, act);
    var captured = new Captured(in.output() != Capture.NONE);
    var stdin = in.stdin().map(text -> Stdin.of(text.get())).orElseGet(Stdin::none);
    act.log().line(command.shown(act.masking()));
    try {
      var finished =
          act.processes()
              .run(
                  command,
                  stdin,
                  line -> {
                    act.log().line(line);
                    captured.add(line);
                  },
                  act.log()::line,
                  act.deadline());
      judge(in, command, finished, act);
      return output(in, finished.exit(), captured.text(act));
    } catch (IOException e) {
      throw new StepFailed(
          act.masking().mask(String.valueOf(e.getMessage())),
          Optional.of("the step's log has its output"),
          e);
    }
  }

  private static void judge(Input in, ChildCommand command, Finished finished, Act act)
      throws StepFailed {
    var why = act.masking().mask("'" + command.program() + "' failed: " + finished.why());
    if (finished.timedOut()) {
      throw new StepFailed(why, "give the step a longer timeout");
    }
    if (finished.exit() != in.expectExit()) {
      var expected = in.expectExit() == 0 ? "" : " (expected " + in.expectExit() + ")";
      throw new StepFailed(why + expected, "the step's log has all of its output");
    }
    if (finished.inputLeft()) {
      act.log().line("'" + command.program() + "' did not read all of its input");
    }
  }

  private static Output output(Input in, int exit, String text) {
    return switch (in.output()) {
      case NONE -> new Output(exit, Optional.empty(), Optional.empty());
      case TEXT -> new Output(exit, Optional.of(text.stripTrailing()), Optional.empty());
      case LINES -> new Output(exit, Optional.empty(), Optional.of(text.lines().toList()));
    };
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    if (in.repeatable() || in.effect() == Effect.READ_ONLY) {
      return new Observed.NotDone<>();
    }
    var program = in.argv().getFirst().shown();
    return new Observed.Unknown<>(
        "'"
            + program
            + "' may or may not have run to its end, and nothing tells from outside;"
            + " programs that may run twice are marked repeatable: true");
  }
}
