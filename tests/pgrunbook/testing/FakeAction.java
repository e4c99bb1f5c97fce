package pgrunbook.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Call;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Late;
import pgrunbook.yaml.Doc;

/** An action whose test says what it sees, does and finds; it keeps count of what was asked. */
public final class FakeAction
    implements Action<FakeAction.Input, FakeAction.Intent, FakeAction.Output> {
  private final String name;
  private final List<String> calls;
  private Effect effect = Effect.MUTATING;
  private int version = 1;
  private Consumer<Preview.Builder> sees = _ -> {};
  private Body body = (in, _, _) -> new Output(in.value().map(Late::get).orElse("done"));
  private Supplier<Observed<Output>> finds = Observed.NotDone::new;
  private Optional<Call> undo = Optional.empty();

  /** What a step gives. */
  public record Input(
      @Doc("anything") Optional<Late<String>> value,
      @Doc("known before the run") Optional<String> early) {}

  /** What is journaled; <code>first</code> is handed on from attempt to attempt. */
  public record Intent(int attempt, int first) {}

  /** What later steps may use. */
  public record Output(String value) {}

  /** What a run of it does. */
  public interface Body {
    Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException;
  }

  /** An action of that name, which succeeds and changes something. */
  public FakeAction(String name) {
    this(name, new ArrayList<>());
  }

  /** One that notes into that list, too, what was asked of it and in which step. */
  public FakeAction(String name, List<String> calls) {
    this.name = name;
    this.calls = calls;
  }

  public FakeAction with(Effect other) {
    effect = other;
    return this;
  }

  /** From now on it writes another version of its intent. */
  public FakeAction ofVersion(int other) {
    version = other;
    return this;
  }

  /** What its preview says. */
  public FakeAction sees(Consumer<Preview.Builder> preview) {
    sees = preview;
    return this;
  }

  public FakeAction does(Body other) {
    body = other;
    return this;
  }

  /** What it finds of an earlier attempt. */
  public FakeAction finds(Supplier<Observed<Output>> observed) {
    finds = observed;
    return this;
  }

  public FakeAction undoneBy(Call call) {
    undo = Optional.of(call);
    return this;
  }

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        name, version, "does what a test says", Input.class, Intent.class, Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(effect);
    in.value().ifPresent(value -> preview.command(name + " " + value.shown()));
    sees.accept(preview);
    return preview.build();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    var attempt = earlier.map(Intent::attempt).orElse(0) + 1;
    return new Intent(attempt, earlier.map(Intent::first).orElse(attempt));
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    calls.add("run " + act.run().step());
    return body.run(in, intent, act);
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    calls.add("inspect " + look.run().step());
    return finds.get();
  }

  @Override
  public Optional<Call> undo(Input in, Look look) {
    return undo;
  }
}
