package pgrunbook.diagnosis;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.Identifiers;

/** Databases that runs have made beside the one in use; their names say which run. */
record LeftDatabases(Patient patient) {
  private static final Pattern NAME =
      Pattern.compile(
          "(?<database>.+)_(?<kind>restore|old|undone)_(?<day>\\d{8})_(?<time>\\d{6})_(?<end>[a-z0-9]{4})(?:_again|_bad)?");
  private static final String OLD = "old";

  List<Finding> look(List<String> names) {
    return names.stream().flatMap(name -> matched(name).stream()).map(this::left).toList();
  }

  /** Where the database itself is not there, because a run has set it aside. */
  Optional<Trouble> setAside(List<String> names) {
    return names.stream()
        .flatMap(name -> matched(name).stream())
        .filter(it -> it.group("kind").equals(OLD) && isOpen(it))
        .reduce((_, last) -> last)
        .map(it ->
            new Trouble(
                "there is no database '%s': run %s has set it aside as %s and is not over"
                    .formatted(patient.database(), run(it), it.group()),
                patient.called("resume " + run(it)) + " goes on, 'rollback' puts it back"));
  }

  private Optional<Matcher> matched(String name) {
    var matcher = NAME.matcher(name);
    return matcher.matches() && patient.database().startsWith(matcher.group("database"))
        ? Optional.of(matcher)
        : Optional.empty();
  }

  private static String run(Matcher name) {
    return name.group("day") + "-" + name.group("time") + "-" + name.group("end");
  }

  private boolean isOpen(Matcher name) {
    return patient.wiring().runs().isOpen(run(name));
  }

  private Finding left(Matcher name) {
    var database = name.group();
    if (isOpen(name)) {
      return new Trouble(
          "database " + database + " belongs to run " + run(name) + ", which is not over",
          patient.called("resume " + run(name)) + " goes on, 'rollback' undoes");
    }
    if (name.group("kind").equals(OLD)) {
      return new Fine(
          "database " + database + " is what run " + run(name) + " has replaced, and was kept");
    }
    return new Trouble(
        "database " + database + " is a leftover of run " + run(name),
        patient.sql("postgres", "DROP DATABASE " + Identifiers.quote(database)));
  }
}
