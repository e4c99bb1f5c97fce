package pgrunbook.action;

import java.util.Locale;

/** What a step does to the world, mildest first. */
public enum Effect {
  READ_ONLY,
  MUTATING,
  DESTRUCTIVE,
  UNDETERMINED;

  public boolean changesSomething() {
    return this != READ_ONLY;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
