package pgrunbook.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.process.ChildCommand;

/**
 * How somebody gets in who needs none of the role's rights, nor its password: on a plain server the
 * system's own user postgres (peer), in a container whoever its socket lets in.
 */
record Administrator(Patient patient, Optional<SocketEntry> inside) {
  static Administrator of(Patient patient) {
    return new Administrator(
        patient,
        patient
            .compose()
            .flatMap(it ->
                SocketEntry.find(it, patient.user(), patient.environment().database().port())));
  }

  /** A command of psql, as a superuser. */
  String sql(String sql) {
    return program("psql", List.of("-d", "postgres", "-c", sql));
  }

  String program(String program, List<String> arguments) {
    var role = inside.map(SocketEntry::role).orElse("SUPERUSER");
    return patient.compose().isPresent()
        ? patient.program(program, role, arguments)
        : "on the server's machine: " + here(program, arguments);
  }

  private String here(String program, List<String> arguments) {
    var port = Integer.toString(patient.environment().database().port());
    var words = new ArrayList<>(List.of("sudo", "-u", "postgres", program, "-p", port));
    words.addAll(arguments);
    return ChildCommand.of(words).shown(patient.masking());
  }

  /** Has the server read pg_hba.conf again. */
  String reload() {
    return patient
        .compose()
        .map(it ->
            it.command(List.of("kill", "-s", "HUP", it.postgresService())).shown(patient.masking()))
        .orElseGet(() -> sql("SELECT pg_reload_conf()"));
  }

  /**
   * Sets the role's password where nobody gets into the container without one: its files are still
   * open to the container's own user postgres, who lets the socket in for that moment.
   */
  String passwordByFile() {
    var script =
        """
        cd "$PGDATA" && cp -p pg_hba.conf pg_hba.before && sed -i "1i local all all trust" pg_hba.conf \
        && pg_ctl reload && sleep 1; psql -p "$1" -d postgres -U "$0" -c "\\password"; \
        mv pg_hba.before pg_hba.conf; pg_ctl reload\
        """;
    var compose = patient.compose().orElseThrow();
    var port = Integer.toString(patient.environment().database().port());
    var exec = List.of("exec", "-u", "postgres", compose.postgresService());
    var words = new ArrayList<>(exec);
    words.addAll(List.of("sh", "-c", script, patient.user(), port));
    return compose.command(words).shown(patient.masking());
  }
}
