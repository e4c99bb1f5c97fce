package pgrunbook.action;

import java.util.Optional;

/**
 * Which run and step somebody acts for; a plan has no run yet.
 *
 * @param id the run's id
 */
public record RunTag(Optional<String> id, StepPath step) {
  /** How a plan shows the run that does not exist yet. */
  public static final String NO_RUN_YET = "‹run›";

  /** PostgreSQL keeps 63 bytes of an application name. */
  private static final int LONGEST = 63;

  /** The run's id, or how a plan shows it. */
  public String shown() {
    return id.orElse(NO_RUN_YET);
  }

  /** The name that every session of the step carries, by which ghosts are found. */
  public String applicationName() {
    var name = prefix(id.orElse("plan")) + step;
    return name.length() <= LONGEST ? name : name.substring(0, LONGEST);
  }

  /** What the names of all sessions of a run begin with. */
  public static String prefix(String run) {
    return "pgrunbook/" + run + "/";
  }
}
