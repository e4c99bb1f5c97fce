package pgrunbook.action;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A step did not do what it was meant to do; the message says what happened. */
public final class StepFailed extends Exception {
  private static final long serialVersionUID = 1;
  private final transient Optional<String> hint;
  private final boolean certain;

  public StepFailed(String what) {
    this(what, Optional.empty(), null);
  }

  public StepFailed(String what, String hint) {
    this(what, Optional.of(hint), null);
  }

  public StepFailed(String what, Optional<String> hint, @Nullable Throwable cause) {
    this(what, hint, cause, true);
  }

  private StepFailed(
      String what, Optional<String> hint, @Nullable Throwable cause, boolean certain) {
    super(what, cause);
    this.hint = hint;
    this.certain = certain;
  }

  /** A failure after which something of the step may still be at work, or have had its effect. */
  public static StepFailed uncertain(String what, String hint) {
    return new StepFailed(what, Optional.of(hint), null, false);
  }

  /** Whether its end was seen, so that nothing of it goes on. */
  public boolean certain() {
    return certain;
  }

  public Optional<String> hint() {
    return hint;
  }
}
