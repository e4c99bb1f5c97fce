package pgrunbook.actions;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Late;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Finished;
import pgrunbook.process.Stdin;

/** What the actions that run a program have in common. */
final class ProgramSteps {
  private ProgramSteps() {}

  /** What all of them are told. */
  sealed interface Input permits Exec.Input, ComposeExec.Input {
    List<Late<String>> argv();

    Map<String, Late<String>> env();

    Optional<Late<String>> stdin();

    Effect effect();

    boolean repeatable();

    int expectExit();

    Exec.Capture output();

    Optional<String> noWayBack();

    /** How messages name it. */
    default String program() {
      return argv().getFirst().shown();
    }
  }

  /**
   * @throws IllegalArgumentException where there is no program
   */
  static void checkProgram(List<Late<String>> argv) {
    if (argv.isEmpty() || argv.getFirst().shown().isBlank()) {
      throw new IllegalArgumentException("'argv' names no program");
    }
  }

  static List<String> words(Input in) {
    return in.argv().stream().map(Late::shown).toList();
  }

  /** The command with the values that the program is to find in its environment. */
  static ChildCommand withVariables(ChildCommand command, Input in) {
    var result = command;
    for (var variable : in.env().entrySet()) {
      result = result.with(variable.getKey(), variable.getValue().shown());
    }
    return result;
  }

  static void showInput(Preview.Builder preview, Input in, Look look) {
    in.stdin().ifPresent(text -> preview.fact("stdin", look.masking().mask(text.shown())));
  }

  static void checkSecrets(Preview.Builder preview, Input in, Look look) {
    if (words(in).stream().anyMatch(word -> !look.masking().mask(word).equals(word))) {
      preview.problem(
          "a secret in a program's arguments can be read by everybody on the machine",
          "hand it over in a variable, under env");
    }
  }

  static void checkWayBack(Preview.Builder preview, Input in, Look look) {
    if (in.effect() == Effect.DESTRUCTIVE) {
      in.noWayBack()
          .ifPresentOrElse(
              reason -> preview.warning("no way back: " + reason),
              () -> preview.needs(new Claim.WayBack(look.target().database())));
    }
  }

  /** Runs it to its end, whatever that is; what it prints goes into the step's log. */
  static Finished run(Input in, ChildCommand command, Captured captured, Act act)
      throws StepFailed, InterruptedException {
    var stdin = in.stdin().map(text -> Stdin.of(text.get())).orElseGet(Stdin::none);
    act.log().line(command.shown(act.masking()));
    try {
      return act.processes()
          .run(
              command.withAllItStarts(),
              stdin,
              line -> {
                act.log().line(line);
                captured.add(line);
              },
              act.log()::line,
              act.deadline());
    } catch (IOException e) {
      throw new StepFailed(
          act.masking().mask(String.valueOf(e.getMessage())),
          Optional.of("the step's log has its output"),
          e);
    }
  }

  /**
   * Fails unless it ended as expected.
   *
   * @param who the program, and where it ran
   */
  static void judge(Input in, String who, Finished finished, Act act) throws StepFailed {
    var why = act.masking().mask(who + " failed: " + finished.why());
    if (finished.timedOut()) {
      throw new StepFailed(why, "give the step a longer timeout");
    }
    if (finished.exit() != in.expectExit()) {
      var expected = in.expectExit() == 0 ? "" : " (expected " + in.expectExit() + ")";
      throw new StepFailed(why + expected, "the step's log has all of its output");
    }
    if (finished.inputLeft()) {
      act.log().line(who + " did not read all of its input");
    }
  }

  static Exec.Output output(Input in, int exit, String text) {
    return switch (in.output()) {
      case NONE -> new Exec.Output(exit, Optional.empty(), Optional.empty());
      case TEXT -> new Exec.Output(exit, Optional.of(text.stripTrailing()), Optional.empty());
      case LINES -> new Exec.Output(exit, Optional.empty(), Optional.of(text.lines().toList()));
    };
  }

  /**
   * What may run twice runs again; of anything else nobody can tell.
   *
   * @param how what may have become of it
   */
  static Observed<Exec.Output> inspect(Input in, String how) {
    if (in.repeatable() || in.effect() == Effect.READ_ONLY) {
      return new Observed.NotDone<>();
    }
    return new Observed.Unknown<>(
        how
            + ", and nothing tells from outside;"
            + " programs that may run twice are marked repeatable: true");
  }
}
