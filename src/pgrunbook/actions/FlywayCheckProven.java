package pgrunbook.actions;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Late;
import pgrunbook.migration.Goal;
import pgrunbook.migration.History;
import pgrunbook.migration.HistoryRow;
import pgrunbook.migration.Migration;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/**
 * <code>flyway.check_proven</code>: refuses migrations that were neither applied in another
 * environment nor rehearsed, file by file with the same checksum.
 */
final class FlywayCheckProven
    implements Action<FlywayCheckProven.Input, FlywayCheckProven.Intent, FlywayCheckProven.Output> {
  private static final String MIGRATE = "flyway.migrate";

  record Input(
      @Doc("environment that may have applied them") @Default("staging") String in,
      @Doc("latest, +N for the next N, or a version") @Default("latest") Late<String> target,
      @Doc("database that is to be migrated; default: the environment's")
          Optional<Late<String>> database) {}

  /** Nothing: it only looks. */
  record Intent() {}

  /**
   * What was found.
   *
   * @param by the environment, or the rehearsal's record
   */
  record Output(List<String> proven, String by) {}

  /** What one place has applied, or why nobody knows. */
  private record Place(String name, List<String> applied, Optional<String> unknown) {
    List<Migration> missing(List<Migration> pending) {
      return pending.stream().filter(it -> !applied.contains(it.identity())).toList();
    }
  }

  @Override
  public Kind<Input, Intent, Output> kind() {
    return new Kind<>(
        "flyway.check_proven",
        1,
        "refuses migrations that were neither applied in another environment nor rehearsed",
        Input.class,
        Intent.class,
        Output.class);
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.READ_ONLY);
    try {
      var pending = pending(in, look, preview);
      var proof = proof(in, pending, look);
      preview.fact("proven by", proof.name());
      problem(in, pending, proof, look).ifPresent(preview::problem);
    } catch (InvalidInput e) {
      e.problems().forEach(preview::problem);
    }
    return preview.build();
  }

  private static List<Migration> pending(Input in, Look look, Preview.Builder preview) {
    var seen = MigrationLook.preview(in.database(), look, preview);
    if (seen.isEmpty() || !(in.target() instanceof Late.Known<String>(var target))) {
      return List.of();
    }
    return Goal.forward(target, seen.get().files(), seen.get().state());
  }

  /** The place that proves most. */
  private static Place proof(Input in, List<Migration> pending, Look look) {
    if (pending.isEmpty()) {
      return new Place("nothing is pending", List.of(), Optional.empty());
    }
    var places = new ArrayList<Place>();
    environment(in.in(), look).ifPresent(places::add);
    if (places.isEmpty()) {
      var all = MigrationLook.identities(pending);
      return new Place("this is the rehearsal", all, Optional.empty());
    }
    look.rehearsed(MIGRATE, "applied")
        .forEach((record, applied) ->
            places.add(new Place("rehearsal " + record, applied, Optional.empty())));
    return places.stream()
        .min(Comparator.comparingInt(it -> it.missing(pending).size()))
        .orElseThrow();
  }

  private static Optional<Place> environment(String name, Look look) {
    try {
      var elsewhere = look.elsewhere(name);
      if (elsewhere.isEmpty()) {
        return Optional.empty();
      }
      var target = elsewhere.get().target();
      var history = History.read(elsewhere.get().cluster(), target.database(), target.migrations());
      var applied =
          history.holding().stream()
              .filter(HistoryRow::hasRun)
              .map(it -> it.version().orElseThrow() + ":" + it.checksum().orElse(0))
              .toList();
      return Optional.of(new Place(name, applied, Optional.empty()));
    } catch (PostgresException e) {
      return Optional.of(new Place(name, List.of(), Optional.of(e.problem().what())));
    } catch (Refused e) {
      return Optional.of(new Place(name, List.of(), Optional.of(e.problems().getFirst().what())));
    } catch (InvalidInput e) {
      return Optional.of(new Place(name, List.of(), Optional.of(e.problems().getFirst().what())));
    }
  }

  private static Optional<Problem> problem(
      Input in, List<Migration> pending, Place proof, Look look) {
    var missing = proof.missing(pending);
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    var why = proof.unknown().map(it -> "; " + in.in() + " could not be asked: " + it).orElse("");
    var more = missing.size() == 1 ? "" : " and " + (missing.size() - 1) + " more";
    return Optional.of(
        Problem.of(
            "unproven: %s/%s (checksum %d)%s was neither applied in %s nor rehearsed%s"
                .formatted(
                    look.target().migrations().shown(),
                    missing.getFirst().script(),
                    missing.getFirst().checksum(),
                    more,
                    in.in(),
                    why),
            "'run migrate --env %s' (a stamp is no proof), or 'rehearse migrate-prod --backup FILE' with a backup of %s"
                .formatted(in.in(), look.target().environment())));
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    return new Intent();
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed {
    try {
      var pending = pending(in, act, Preview.of(Effect.READ_ONLY));
      var proof = proof(in, pending, act);
      var problem = problem(in, pending, proof, act);
      if (problem.isPresent()) {
        throw MigrationLook.failed(problem.get());
      }
      act.log().line(pending.size() + " migrations are proven by " + proof.name());
      return new Output(MigrationLook.identities(pending), proof.name());
    } catch (InvalidInput e) {
      throw MigrationLook.failed(e);
    }
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    return new Observed.NotDone<>();
  }
}
