package pgrunbook.diagnosis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import pgrunbook.action.Elsewhere;
import pgrunbook.action.Neighbours;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Refused;

/**
 * Whether the database of an environment that is not protected is that of one that is: whoever says
 * dev and reaches production is asked nothing.
 *
 * @param names of the project's environments
 */
public record SameDatabase(Neighbours neighbours, List<String> names) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A database, whatever it is called. */
  public record Identity(String systemIdentifier, long oid) {}

  /** What is to be said of each protected environment: that it is the same, or may be. */
  public List<Finding> look(String environment, Identity found) {
    var findings = new ArrayList<Finding>();
    for (var name : names) {
      if (!name.equals(environment)) {
        compared(environment, name, found).ifPresent(findings::add);
      }
    }
    return findings;
  }

  private Optional<Finding> compared(String environment, String name, Identity found) {
    try {
      return Within.run(PATIENCE, () -> isProtectedAndSame(name, found))
          ? Optional.of(
              new Trouble(
                  "environment %s is the database of %s, which is protected: oid %d, system identifier %s"
                      .formatted(environment, name, found.oid(), found.systemIdentifier()),
                  "correct what %s gets from .env or a variable; where %s is meant, use --env %s"
                      .formatted(environment, name, name)))
          : Optional.empty();
    } catch (PostgresException e) {
      return unknown(environment, name, e.problem().what());
    } catch (Refused e) {
      return unknown(environment, name, e.problems().getFirst().what());
    } catch (InvalidInput e) {
      return unknown(environment, name, e.problems().getFirst().what());
    } catch (TimeoutException _) {
      return unknown(environment, name, "no answer within " + PATIENCE.toSeconds() + " s");
    }
  }

  private static Optional<Finding> unknown(String environment, String name, String why) {
    return Optional.of(
        new CouldNotCheck("whether " + environment + " is the database of " + name, why));
  }

  private boolean isProtectedAndSame(String name, Identity found) {
    return neighbours
        .find(name)
        .filter(other -> other.target().isProtected() && isSame(other, found))
        .isPresent();
  }

  private static boolean isSame(Elsewhere other, Identity found) {
    var accepted = other.target().systemIdentifier();
    if (accepted.filter(it -> !it.equals(found.systemIdentifier())).isPresent()) {
      return false; // it accepts no such cluster, so nobody has to ask it
    }
    var cluster = other.cluster();
    return cluster.server().systemIdentifier().equals(found.systemIdentifier())
        && cluster
            .database(other.target().database())
            .map(DatabaseFacts::oid)
            .equals(Optional.of(found.oid()));
  }
}
