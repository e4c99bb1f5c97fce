package pgrunbook.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.ServerFacts;
import pgrunbook.text.Closest;

/** Whether the database is there, and lets anybody in. */
record DatabaseEntry(Patient patient, PlainCluster cluster, ServerFacts server) {
  private static final String MAINTENANCE = "postgres";

  /** The database, where there is one that can be entered. */
  Looked<DatabaseFacts> look() {
    var name = patient.database();
    var names = cluster.databaseNames();
    var facts = cluster.database(name);
    var findings = new ArrayList<Finding>();
    if (facts.isEmpty()) {
      findings.add(missing(names));
    }
    var closed = facts.flatMap(this::closed);
    closed.ifPresent(findings::add);
    if (facts.isPresent() && closed.isEmpty()) {
      findings.add(
          new Fine("database " + name + " is there, and belongs to " + facts.get().owner()));
    }
    facts.flatMap(this::collation).ifPresent(findings::add);
    findings.addAll(new LeftDatabases(patient).look(names));
    return new Looked<>(findings, closed.isEmpty() ? facts : Optional.empty());
  }

  private Finding missing(List<String> names) {
    var name = patient.database();
    var what = "there is no database '" + name + "'";
    var instead = new LeftDatabases(patient).insteadOf(names).or(() -> owed(what));
    if (instead.isPresent()) {
      return instead.get();
    }
    var others = names.stream().filter(it -> !it.startsWith("template")).toList();
    var meant = Closest.to(name, others);
    return meant.isPresent()
        ? new Trouble(
            what + ", did you mean '" + meant.get() + "'?",
            "correct database.name, or what it is made from in " + patient.envFile())
        : new Trouble(
            what + "; there are: " + String.join(", ", others),
            patient.program("createdb", List.of(name)));
  }

  private Optional<Finding> owed(String what) {
    return patient
        .wiring()
        .runs()
        .owing(patient.environment().name(), "name:" + patient.database())
        .map(run -> patient.owed(what, run));
  }

  private Optional<Trouble> closed(DatabaseFacts facts) {
    var name = facts.name();
    var quoted = Identifiers.quote(name);
    if (facts.invalid()) {
      return trouble(
          "database " + name + " is what an interrupted DROP DATABASE has left",
          "DROP DATABASE " + quoted);
    }
    if (!facts.allowConnections()) {
      return trouble(
          "database " + name + " is closed to connections",
          "ALTER DATABASE " + quoted + " ALLOW_CONNECTIONS true");
    }
    var limit = facts.connectionLimit();
    if (limit >= 0 && facts.sessions() >= limit && !server.superuser()) {
      return trouble(
          "database %s lets %d connections in, and has %d".formatted(name, limit, facts.sessions()),
          "ALTER DATABASE " + quoted + " CONNECTION LIMIT " + (limit + 20));
    }
    return Optional.empty();
  }

  private Optional<Trouble> trouble(String what, String sql) {
    return Optional.of(new Trouble(what, patient.sql(MAINTENANCE, sql)));
  }

  private Optional<Finding> collation(DatabaseFacts facts) {
    var words = new ArrayList<>(List.of("-d", facts.name()));
    facts.sortAgain().forEach(sql -> words.addAll(List.of("-c", sql)));
    return facts
        .sortedByOtherRules()
        .map(what -> new Trouble(what, patient.program("psql", words)));
  }
}
