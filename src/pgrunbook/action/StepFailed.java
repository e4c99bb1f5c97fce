package pgrunbook.action;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A step did not do what it was meant to do; the message says what happened. */
public final class StepFailed extends Exception {
  private static final long serialVersionUID = 1;
  private final transient Optional<String> hint;

  public StepFailed(String what) {
    this(what, Optional.empty(), null);
  }

  public StepFailed(String what, String hint) {
    this(what, Optional.of(hint), null);
  }

  public StepFailed(String what, Optional<String> hint, @Nullable Throwable cause) {
    super(what, cause);
    this.hint = hint;
  }

  public Optional<String> hint() {
    return hint;
  }
}
