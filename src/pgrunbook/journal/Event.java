package pgrunbook.journal;

/** The names of a journal's events, as they stand on disk. */
public final class Event {
  /** The first line: what the run is. */
  public static final String CREATED = "created";

  /** A process has taken the run up: to run, resume, roll back. */
  public static final String SESSION = "session";

  public static final String STARTED = "started";
  public static final String FINISHED = "finished";
  public static final String FAILED = "failed";
  public static final String INTERRUPTED = "interrupted";
  public static final String SKIPPED = "skipped";

  /** A step failed, and its runbook says to go on. */
  public static final String CONTINUED = "continued";

  /** A guard said no before the step began. */
  public static final String REFUSED = "refused";

  /** An earlier attempt was looked at. */
  public static final String OBSERVED = "observed";

  /** An operator said how a step ended that nobody could tell. */
  public static final String DECIDED = "decided";

  /** Sessions of an earlier attempt were ended. */
  public static final String GHOSTS = "ghosts";

  /** Something established earlier no longer held and is established again. */
  public static final String AGAIN = "again";

  /** The lock on the target was lost, or taken again. */
  public static final String LOCK = "lock";

  public static final String ROLLBACK = "rollback";

  /** The run is over: <code>done</code>, <code>rolled_back</code> or <code>abandoned</code>. */
  public static final String OVER = "over";

  private Event() {}
}
