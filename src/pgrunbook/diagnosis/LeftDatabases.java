package pgrunbook.diagnosis;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.diagnosis.Runs.Standing;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.Names;

/** Databases that runs have made beside the one in use; their names say which run. */
record LeftDatabases(Patient patient) {
  private static final Pattern SUFFIX =
      Pattern.compile(
          "_(?<kind>restore|old|undone)_(?<day>\\d{8})_(?<time>\\d{6})_(?<end>[a-z0-9]{4})(?:_again|_bad)?$");

  /** What a run has left. */
  private record Left(String database, String kind, String run, Standing standing) {
    boolean isOld() {
      return kind.equals("old");
    }
  }

  /** Nothing is to be dropped as long as one of them may be the only copy there is. */
  List<Finding> look(List<String> names) {
    return names.contains(patient.database())
        ? all(names).stream().map(this::finding).toList()
        : List.of();
  }

  /** Where the database itself is not there, because a run has set it aside, or may have. */
  Optional<Finding> insteadOf(List<String> names) {
    var all = all(names);
    var old = all.stream().filter(Left::isOld).toList();
    return old.stream()
        .filter(it -> it.standing() == Standing.OPEN || it.standing() == Standing.AT_WORK)
        .reduce((_, last) -> last)
        .map(this::goOn)
        .or(() ->
            (old.isEmpty() ? all : old).stream().reduce((_, last) -> last).map(this::putBack));
  }

  private Finding goOn(Left it) {
    var what = missing() + ": run %s has set it aside as %s".formatted(it.run(), it.database());
    return it.standing() == Standing.AT_WORK
        ? new Fine(what + ", and is at work")
        : new Trouble(
            what + " and is not over",
            patient.called("resume " + it.run()) + " goes on, 'rollback' puts it back");
  }

  private Trouble putBack(Left it) {
    var there = Identifiers.quote(it.database());
    var known = it.standing() == Standing.NOT_KNOWN_HERE ? ", which is not known here" : "";
    return new Trouble(
        it.isOld()
            ? missing()
                + ": run %s%s has set it aside as %s".formatted(it.run(), known, it.database())
            : missing() + ", but %s, of run %s%s".formatted(it.database(), it.run(), known),
        (known.isEmpty() ? "" : "if that run is at work elsewhere, let it end there; otherwise ")
            + (it.isOld()
                ? "give it its name back: "
                : "see what it holds; where it is the right one: ")
            + patient.program(
                "psql",
                List.of(
                    "-d",
                    "postgres",
                    "-c",
                    "ALTER DATABASE "
                        + there
                        + " RENAME TO "
                        + Identifiers.quote(patient.database()),
                    "-c",
                    "ALTER DATABASE "
                        + Identifiers.quote(patient.database())
                        + " ALLOW_CONNECTIONS true")));
  }

  private String missing() {
    return "there is no database '" + patient.database() + "'";
  }

  private List<Left> all(List<String> names) {
    return names.stream().flatMap(name -> left(name).stream()).toList();
  }

  /** A neighbour's name may begin as this one's does: only the whole name tells. */
  private Optional<Left> left(String name) {
    var suffix = SUFFIX.matcher(name);
    return suffix.find() && Names.fitting(patient.database(), suffix.group()).equals(name)
        ? Optional.of(left(name, suffix))
        : Optional.empty();
  }

  private Left left(String name, Matcher suffix) {
    var run = suffix.group("day") + "-" + suffix.group("time") + "-" + suffix.group("end");
    return new Left(name, suffix.group("kind"), run, patient.wiring().runs().standing(run));
  }

  private Finding finding(Left it) {
    var database = "database " + it.database();
    return switch (it.standing()) {
      case AT_WORK -> new Fine(database + " belongs to run " + it.run() + ", which is at work");
      case OPEN ->
          new Trouble(
              database + " belongs to run " + it.run() + ", which is not over",
              patient.called("resume " + it.run()) + " goes on, 'rollback' undoes");
      case OVER -> over(it, database);
      case NOT_KNOWN_HERE ->
          it.isOld()
              ? new Fine(database + " was set aside by run " + it.run() + ", not known here")
              : new CouldNotCheck(
                  "whether anybody needs " + database,
                  "run %s is not known here, and may be at work: see the folder it was started in"
                      .formatted(it.run()));
    };
  }

  private Finding over(Left it, String database) {
    var drop = patient.sql("postgres", "DROP DATABASE " + Identifiers.quote(it.database()));
    return switch (it.kind()) {
      case "old" -> new Fine(database + " is what run " + it.run() + " has replaced, and was kept");
      case "undone" ->
          new Trouble(
              database + " holds what was written between run " + it.run() + " and its rollback",
              "when nobody needs what was written into it: " + drop);
      default -> new Trouble(database + " is a leftover of run " + it.run(), drop);
    };
  }
}
