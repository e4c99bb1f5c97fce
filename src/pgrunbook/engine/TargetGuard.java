package pgrunbook.engine;

import static java.time.temporal.ChronoUnit.SECONDS;

import java.time.Duration;
import java.util.Optional;
import pgrunbook.plan.TargetFacts;
import pgrunbook.postgres.ClusterView;
import pgrunbook.postgres.TargetLock;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;

/** Holds the lock on the target, and makes sure that the target still is what the plan was for. */
public final class TargetGuard implements AutoCloseable {
  /** How long a server may be silent before its step is given up. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final TargetLock locks;
  private final ClusterView cluster;
  private final TargetFacts planned;
  private final String run;
  private final String by;
  private Optional<TargetLock.Held> held = Optional.empty();

  /**
   * A guard that holds nothing yet.
   *
   * @param by who runs this, and where, for those who are kept out
   */
  public TargetGuard(
      TargetLock locks, ClusterView cluster, TargetFacts planned, String run, String by) {
    this.by = by;
    this.locks = locks;
    this.cluster = cluster;
    this.planned = planned;
    this.run = run;
  }

  /**
   * Takes the lock.
   *
   * @throws Refused where somebody else has it, named as well as the server knows
   */
  public void take() {
    checkIdentity();
    held = locks.tryAcquire(planned.database(), run, by);
    refuseUnlessHeld();
  }

  /**
   * Takes the lock also where a connection of this run, which nobody has any more, still has it on
   * the server, such as after the network was cut.
   *
   * @throws Refused where somebody else has it
   */
  public void takeBack() {
    checkIdentity();
    held = locks.takeBack(planned.database(), run, by);
    refuseUnlessHeld();
  }

  private void refuseUnlessHeld() {
    if (held.isEmpty()) {
      var who = locks.holder(planned.database()).map(TargetGuard::shown).orElse("somebody else");
      throw new Refused(
          "another run works on " + planned.database() + ": " + who,
          "wait for it; one target takes one run at a time");
    }
  }

  private static String shown(TargetLock.Holder holder) {
    var by = holder.by().isEmpty() ? "" : " of " + holder.by();
    var since = holder.since().map(it -> ", since " + it.truncatedTo(SECONDS)).orElse("");
    return holder.application()
        + by
        + since
        + " (pid %d, as %s, %s)".formatted(holder.pid(), holder.role(), holder.client());
  }

  /**
   * Whether the lock was lost since the last call and had to be taken again; then whatever earlier
   * steps established has to be looked at again.
   *
   * @throws Refused where it can't be taken again, or the target is another one now
   */
  public Optional<String> renew() {
    checkIdentity();
    var lost = held.flatMap(TargetLock.Held::lost);
    if (lost.isPresent()) {
      close();
      takeBack();
    }
    return lost;
  }

  /** Whether the lock was lost, and not taken again yet. */
  boolean isLost() {
    return held.flatMap(TargetLock.Held::lost).isPresent();
  }

  /** Why it is no use to wait for the server any longer; it has been silent for so long. */
  Optional<Problem> givenUp() {
    return held.map(TargetLock.Held::silence)
        .filter(silence -> silence.compareTo(PATIENCE) > 0)
        .map(silence ->
            Problem.of(
                "no word from the server for " + silence.toSeconds() + " s",
                "is the network cut, or the machine stopped? when it answers again: 'resume'"));
  }

  private void checkIdentity() {
    var found = cluster.server().systemIdentifier();
    if (!found.equals(planned.systemIdentifier())) {
      throw new Refused(
          java.util.List.of(
              Problem.of(
                  "this is another cluster: system identifier "
                      + found
                      + ", the plan was made for "
                      + planned.systemIdentifier(),
                  "does the environment still point at the right server?")));
    }
  }

  @Override
  public void close() {
    held.ifPresent(TargetLock.Held::close);
    held = Optional.empty();
  }
}
