package pgrunbook.diagnosis;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.PostgresException;

/** Why a server lets a role not in, and a command that can mend it without that role's password. */
record Refusal(Patient patient, PostgresException said) {
  private static final String WRONG_PASSWORD = "28P01";
  private static final String NOT_AUTHORIZED = "28000";
  private static final String NO_PRIVILEGE = "42501";
  private static final String TOO_MANY = "53300";
  private static final Pattern DATABASE = Pattern.compile("cannot connect to database '(.+?)' as ");
  private static final Pattern HOST = Pattern.compile("for host \"([^\"]+)\"");

  /** The sessions that hold connections, the most first. */
  static final String HOLDERS =
      "SELECT count(*), usename, application_name, client_addr, state FROM pg_stat_activity"
          + " WHERE datid IS NOT NULL GROUP BY 2, 3, 4, 5 ORDER BY 1 DESC";

  Trouble trouble() {
    var what = patient.masking().mask(said.problem().what());
    var hint = said.problem().hint().orElse("see the server's log");
    return switch (said.sqlState()) {
      case WRONG_PASSWORD -> password(what);
      case NOT_AUTHORIZED -> new Trouble(what, notAuthorized(what, hint));
      case NO_PRIVILEGE -> new Trouble(what, connect(what).orElse(hint));
      case TOO_MANY -> new Trouble(what, tooMany(what));
      default -> new Trouble(what, hint);
    };
  }

  private Administrator administrator() {
    return Administrator.of(patient);
  }

  private String user() {
    return Identifiers.quote(patient.user());
  }

  /**
   * The server says the same of a wrong password, one that has expired, and a role that it lacks.
   */
  private Trouble password(String what) {
    var administrator = administrator();
    var variable = "; type what " + patient.envFile() + " has, or correct it there instead";
    var command = administrator.sql("\\password " + patient.user());
    if (patient.compose().isEmpty()) {
      return new Trouble(
          what,
          command
              + variable
              + "; \\du in place of \\password tells whether the role is there, or has expired");
    }
    var inside = administrator.inside();
    if (inside.isEmpty()) {
      return new Trouble(what, administrator.passwordByFile() + variable);
    }
    return switch (inside.get().other()) {
      case MISSING -> new Trouble(what + ", because there is no such role", create(administrator));
      case EXPIRED ->
          new Trouble(
              what + ", because its password has expired",
              administrator.sql("ALTER ROLE " + user() + " VALID UNTIL 'infinity'"));
      case THERE ->
          new Trouble(
              what,
              command
                  + variable
                  + " (POSTGRES_PASSWORD is only read when a container's cluster is made)");
    };
  }

  private String create(Administrator administrator) {
    return administrator.program("createuser", List.of("--pwprompt", patient.user()))
        + "; or correct database.user";
  }

  private String notAuthorized(String what, String hint) {
    if (what.contains("does not exist")) {
      return create(administrator());
    }
    if (what.contains("is not permitted to log in")) {
      return administrator().sql("ALTER ROLE " + user() + " LOGIN") + "; or correct database.user";
    }
    return what.contains("pg_hba.conf") ? line(what) : hint;
  }

  private String line(String what) {
    var host = HOST.matcher(what);
    var address =
        host.find() ? host.group(1) + (host.group(1).contains(":") ? "/128" : "/32") : "all";
    return "write as the first line of the server's pg_hba.conf: 'host all %s %s scram-sha-256', then %s"
        .formatted(patient.user(), address, administrator().reload());
  }

  private Optional<String> connect(String what) {
    var database = DATABASE.matcher(what);
    return database.find()
        ? Optional.of(
            administrator()
                .sql(
                    "GRANT CONNECT ON DATABASE "
                        + Identifiers.quote(database.group(1))
                        + " TO "
                        + user()))
        : Optional.empty();
  }

  private String tooMany(String what) {
    var administrator = administrator();
    if (what.contains("too many connections for role")) {
      return administrator.sql("ALTER ROLE " + user() + " CONNECTION LIMIT -1");
    }
    var database = DATABASE.matcher(what);
    if (what.contains("too many connections for database") && database.find()) {
      return administrator.sql(
          "ALTER DATABASE " + Identifiers.quote(database.group(1)) + " CONNECTION LIMIT -1");
    }
    var who =
        patient
            .compose()
            .filter(_ -> administrator.inside().isEmpty())
            .map(it -> it.command(List.of("top", it.postgresService())).shown(patient.masking()))
            .orElseGet(() -> administrator.sql(HOLDERS));
    return "see who has them, a few are kept for superusers: "
        + who
        + "; end those that idle, or raise max_connections";
  }
}
