package pgrunbook.actions;

import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Action;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Kind;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Late;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/**
 * Compares what was restored with its backup, table by table, and asks what the runbook expects.
 */
public final class PostgresVerify
    implements Action<PostgresVerify.Input, PostgresVerify.Intent, PostgresVerify.Output> {
  private static final Kind<Input, Intent, Output> KIND =
      new Kind<>(
          "postgres.verify",
          1,
          "compares a restored database with its backup, and asks what the runbook expects",
          Input.class,
          Intent.class,
          Output.class);

  /** What a runbook gives. */
  public record Input(
      @Doc("the backup, as postgres.check_backup yields it") Late<String> backup,
      @Doc("the database that it was restored into") Late<String> database,
      @Doc("queries, and what each has to give") @Default("[]") List<Expectation> expect,
      @Doc("whether the content is compared; without, only the numbers of rows are")
          @Default("true")
          boolean fingerprint,
      @Doc("as in postgres.restore: without, the schema is not compared") @Default("true")
          boolean owner,
      @Doc("as in postgres.restore: without, the schema is not compared") @Default("true")
          boolean privileges,
      @Doc("as in postgres.restore, by default as owner: without, the schema is not compared")
          Optional<Boolean> tablespaces) {
    public Input {
      expect = List.copyOf(expect);
    }
  }

  /** What is compared. */
  public record Intent(String backup, String database) {}

  /**
   * What was compared and found the same.
   *
   * @param verified <code>content</code>, or <code>counts</code> or <code>none</code>: then the
   *     content was not verified
   */
  public record Output(
      String verified, int tables, long rows, String fingerprint, String sourceFingerprint) {}

  @Override
  public Kind<Input, Intent, Output> kind() {
    return KIND;
  }

  @Override
  public Preview preview(Input in, Look look) {
    var preview = Preview.of(Effect.READ_ONLY);
    var database = in.database().shown();
    var backup = BackupPath.shown(look.target(), in.backup());
    preview.command(
        (in.fingerprint() ? "compare every table of " : "count the rows of every table of ")
            + database
            + " with "
            + backup);
    in.expect()
        .forEach(e ->
            preview.command(
                "in %s: %s → %s%s"
                    .formatted(
                        database, e.sql(), e.is(), e.exact() ? "  -- without indexes" : "")));
    if (!in.fingerprint()) {
      preview.warning("content not verified: only the numbers of rows are compared");
    } else if (in.backup() instanceof Late.Known<String>(var written)
        && !Files.exists(BackupPath.find(look.target(), written).manifest())) {
      preview.warning(
          "the backup has no manifest: its rows and sequences are compared, its schema is not");
    }
    preview.needs(new Claim.Restored(database));
    return (in.fingerprint() ? preview.leaves(new Claim.ContentVerified(database)) : preview)
        .build();
  }

  @Override
  public Intent intend(Input in, Optional<Intent> earlier, Look look) {
    var backup = BackupPath.find(look.target(), in.backup().get());
    return new Intent(backup.shown(), in.database().get());
  }

  @Override
  public Output run(Input in, Intent intent, Act act) throws StepFailed, InterruptedException {
    var request =
        new Verifying.Request(
            BackupPath.find(act.target(), intent.backup()),
            intent.database(),
            in.fingerprint(),
            in.owner() && in.privileges() && in.tablespaces().orElse(in.owner()),
            in.expect());
    var verified = Verifying.verify(request, act);
    return new Output(
        verified.depth().name().toLowerCase(Locale.ROOT),
        verified.tables(),
        verified.rows(),
        verified.fingerprint(),
        verified.source());
  }

  @Override
  public Observed<Output> inspect(Input in, Intent intent, Look look) {
    return new Observed.NotDone<>();
  }
}
