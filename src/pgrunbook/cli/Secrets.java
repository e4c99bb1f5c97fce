package pgrunbook.cli;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import pgrunbook.environment.Environment;
import pgrunbook.text.Masking;
import pgrunbook.text.Secret;

/** What this process has come across that must not be shown, in whatever environment. */
final class Secrets {
  private final Set<Secret> known = new LinkedHashSet<>();
  private volatile Masking masking = Masking.NONE;

  /** From now on its secrets, and these, are masked in everything that the program says. */
  synchronized void learn(Environment environment, Collection<Secret> more) {
    if (known.addAll(environment.hidden(more))) {
      masking = new Masking(known);
    }
  }

  Masking masking() {
    return masking;
  }
}
