package pgrunbook.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import pgrunbook.backup.Manifests;
import pgrunbook.engine.Outcome;
import pgrunbook.engine.Stop;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.Literals;
import pgrunbook.runbook.Runbooks;
import pgrunbook.text.Problems;
import pgrunbook.text.Refused;

/**
 * Ordinary runs, on a scratch server, of runbooks that come with this program.
 *
 * @param work where runbooks, journals and logs of theirs lie
 */
record PackedRuns(
    Context context, Project project, Site site, Console console, Path work, Stop stop) {
  private static final String UTF8 = "UTF8";

  /**
   * Carries one out, and says what stopped it.
   *
   * @throws Refused with the problems of its plan
   * @throws InterruptedException also where that was what stopped it
   */
  Carrier.Carried run(String name, Map<String, String> params)
      throws IOException, InterruptedException {
    var file = work.resolve(name + ".yaml");
    Files.writeString(file, resource(name + ".yaml"));
    var problems = new Problems();
    var runbook = Runbooks.readFile(file, file.getFileName().toString(), problems);
    problems.throwIfAny();
    var prepared =
        Prepared.of(
            project,
            context.registry(),
            runbook.orElseThrow(),
            site.environment(),
            params,
            problems);
    var plan = prepared.plan(site, console.progress(), console::line);
    if (!plan.problems().isEmpty()) {
      throw new Refused(plan.problems());
    }
    var carried =
        new Carrier(context, prepared, site, console, stop)
            .run(plan, work.resolve("runs"), () -> {});
    if (carried.outcome() instanceof Outcome.Interrupted) {
      throw new InterruptedException(name);
    }
    Ended.problems(carried.outcome()).forEach(it -> context.err().println(console.shown(it)));
    return carried;
  }

  /**
   * Restores a backup into a database beside that of the environment, which is made where it is
   * missing. Damaged and foreign backups are refused before anything of them is run.
   *
   * @param roles whether owners and privileges are restored
   */
  Restored restore(Path backup, boolean roles) throws IOException, InterruptedException {
    var name = site.environment().database().name();
    if (site.cluster().database(name).isEmpty()) {
      site.cluster()
          .execute(
              "postgres",
              "CREATE DATABASE "
                  + Identifiers.quote(name)
                  + " TEMPLATE template0 ENCODING "
                  + encoding(backup));
    }
    var params =
        Map.of("backup", backup.toAbsolutePath().toString(), "roles", Boolean.toString(roles));
    var carried = run("restore-backup", params);
    return new Restored(
        carried.outcome(), carried.state().step("create").outputs().path("database").asText());
  }

  /**
   * A backup on a scratch server.
   *
   * @param database holds it where the outcome is that the run is completed
   */
  record Restored(Outcome outcome, String database) {
    boolean isDone() {
      return outcome instanceof Outcome.Completed;
    }
  }

  /** That of the database it comes from; the locale C goes with each. */
  private static String encoding(Path backup) {
    var manifest = Manifests.read(Manifests.beside(backup), new Problems());
    var encoding = manifest.map(it -> it.source().encoding()).orElse(UTF8);
    return Literals.quote(encoding) + (encoding.equals(UTF8) ? "" : " LOCALE 'C'");
  }

  private static String resource(String name) throws IOException {
    try (var in = Objects.requireNonNull(PackedRuns.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
