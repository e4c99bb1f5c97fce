package pgrunbook.actions;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgrunbook.action.Act;
import pgrunbook.action.StepFailed;
import pgrunbook.backup.CopyComparison;
import pgrunbook.backup.Difference;
import pgrunbook.backup.DumpContents;
import pgrunbook.backup.Examiner;
import pgrunbook.backup.Fingerprint;
import pgrunbook.backup.Manifest;
import pgrunbook.backup.Manifests;
import pgrunbook.backup.SequenceState;
import pgrunbook.backup.TableName;
import pgrunbook.backup.TableResult;
import pgrunbook.backup.Verdict;
import pgrunbook.text.Problems;

/** Compares a restored database with its backup, as thoroughly as the backup allows. */
final class Verifying {
  private static final int SHOWN = 20;

  private final Request request;
  private final Act act;
  private final List<String> differences = new ArrayList<>();

  /**
   * What is compared.
   *
   * @param content whether the content is compared, or the numbers of rows only
   * @param schema whether the backup was restored with its owners and privileges
   */
  record Request(
      BackupPath backup,
      String database,
      boolean content,
      boolean schema,
      List<Expectation> expect) {}

  /** How thoroughly something was compared. */
  enum Depth {
    CONTENT,
    COUNTS,
    NONE
  }

  /**
   * What was compared, and found the same.
   *
   * @param fingerprint of the database; empty where none was taken
   * @param source the same of the database that was backed up; empty where nobody knows it
   */
  record Verified(Depth depth, int tables, long rows, String fingerprint, String source) {}

  private Verifying(Request request, Act act) {
    this.request = request;
    this.act = act;
  }

  /**
   * Fails with the first differences, table by table, and with every expectation that is not met.
   */
  static Verified verify(Request request, Act act) throws StepFailed, InterruptedException {
    return new Verifying(request, act).verify();
  }

  private Verified verify() throws StepFailed, InterruptedException {
    act.progress().doing("comparing " + request.database() + " with its backup");
    var manifest = Manifests.read(request.backup().manifest(), new Problems());
    var fingerprint = manifest.flatMap(Manifest::fingerprint);
    Verified verified;
    if (!request.content()) {
      verified = byCounts(fingerprint);
    } else if (manifest.isPresent() && fingerprint.isPresent()) {
      verified = byFingerprint(manifest.get(), fingerprint.get());
    } else {
      verified = byRows(contents());
    }
    for (var expectation : request.expect()) {
      expectation.failure(request.database(), act).ifPresent(differences::add);
    }
    if (!differences.isEmpty()) {
      throw failed();
    }
    if (verified.depth() != Depth.CONTENT) {
      act.log()
          .line(
              "CONTENT NOT VERIFIED: "
                  + request.database()
                  + ", only "
                  + (verified.depth() == Depth.COUNTS ? "numbers of rows" : "nothing")
                  + " compared");
    }
    return verified;
  }

  private StepFailed failed() {
    differences.forEach(act.log()::line);
    var first = String.join("\n", differences.subList(0, Math.min(SHOWN, differences.size())));
    var more = differences.size() > SHOWN ? "\n… and " + (differences.size() - SHOWN) : "";
    return new StepFailed(
        "%s is not what its backup %s holds, %d differences:\n%s%s"
            .formatted(
                request.database(), request.backup().shown(), differences.size(), first, more),
        "don't publish it; look into the restore step's log");
  }

  private Verified byFingerprint(Manifest manifest, Fingerprint source)
      throws StepFailed, InterruptedException {
    var obstacle = schemaObstacle(manifest, source);
    obstacle.ifPresent(why -> act.log().line("the schema is not compared: " + why));
    var expected = obstacle.isEmpty() ? source : withoutSchema(source);
    var actual = Contents.fingerprint(request.database(), obstacle.isEmpty(), act);
    switch (Verdict.of(expected, actual)) {
      case Verdict.Same(var _, var _, var _, var honest) -> honest.forEach(this::note);
      case Verdict.Differs(var found, var honest) -> {
        honest.forEach(this::note);
        for (var difference : found) {
          if (isDrift(difference, expected, actual)) {
            note(difference);
          } else {
            differences.add(difference.toString());
          }
        }
      }
    }
    return new Verified(
        Depth.CONTENT,
        actual.tables().size(),
        actual.rows(),
        Contents.digest(actual),
        Contents.digest(expected));
  }

  private void note(Difference difference) {
    act.log().line("not counted as a difference: " + difference);
  }

  /** CREATE EXTENSION in a dump names no version: the server decides. */
  private static boolean isDrift(Difference difference, Fingerprint expected, Fingerprint actual) {
    return difference.kind() == Difference.Kind.EXTENSION
        && expected.extensions().containsKey(difference.name())
        && actual.extensions().containsKey(difference.name());
  }

  private Optional<String> schemaObstacle(Manifest manifest, Fingerprint source) {
    var server = act.cluster().server().major();
    var client = act.programs().major("pg_dump");
    if (source.schemaHash().isEmpty()) {
      return Optional.of("the backup's manifest has no hash of it");
    } else if (!request.schema()) {
      return Optional.of("owners or privileges were left out");
    } else if (!isMajor(manifest.source().serverVersion(), server)) {
      return Optional.of("the backup is from server " + manifest.source().serverVersion());
    }
    return isMajor(manifest.dumpVersion(), client)
        ? Optional.empty()
        : Optional.of("pg_dump is now " + client + ", and was " + manifest.dumpVersion());
  }

  private static boolean isMajor(String version, int major) {
    return version.matches(major + "\\b.*");
  }

  private static Fingerprint withoutSchema(Fingerprint f) {
    return new Fingerprint(
        Optional.empty(),
        f.tables(),
        f.sequences(),
        f.extensions(),
        f.largeObjects(),
        f.materialisedViews());
  }

  private DumpContents contents() throws StepFailed {
    var examination =
        Examiner.examine(request.backup().path(), act.archives(), act.progress()::bytes);
    if (!examination.isUsable()) {
      var problem = examination.problems().getFirst();
      throw new StepFailed(request.backup().shown() + ": " + problem.what(), problem.hint(), null);
    }
    return examination.contents();
  }

  private Verified byRows(DumpContents contents) throws StepFailed, InterruptedException {
    act.log().line("the backup has no fingerprint: its rows and sequences are compared");
    var results =
        OnDatabase.read(
            act.cluster(),
            request.database(),
            connection -> {
              Contents.begin(connection);
              return CopyComparison.compare(contents, connection);
            });
    var depth = Depth.CONTENT;
    for (var result : results) {
      switch (result.outcome()) {
        case EQUAL -> {}
        case DIFFERENT -> differences.add(result.table() + ": " + result.why());
        case NOT_VERIFIED -> {
          act.log().line(result.table() + ": " + result.why());
          depth = lesser(depth, result.expected() == result.actual() ? Depth.COUNTS : Depth.NONE);
        }
      }
    }
    var rows = results.stream().mapToLong(TableResult::actual).filter(n -> n > 0).sum();
    var fingerprint = Contents.fingerprint(request.database(), false, act);
    compare(contents.sequences(), fingerprint.sequences());
    return new Verified(depth, results.size(), rows, Contents.digest(fingerprint), "");
  }

  private void compare(
      SortedMap<TableName, SequenceState> expected, SortedMap<TableName, SequenceState> actual) {
    for (var sequence : expected.entrySet()) {
      var found = Optional.ofNullable(actual.get(sequence.getKey()));
      if (!found.equals(Optional.of(sequence.getValue()))) {
        differences.add(
            "sequence %s: expected %s, found %s"
                .formatted(
                    sequence.getKey(),
                    sequence.getValue(),
                    found.map(Object::toString).orElse("none")));
      }
    }
  }

  private static Depth lesser(Depth a, Depth b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private Verified byCounts(Optional<Fingerprint> source) throws StepFailed, InterruptedException {
    SortedMap<TableName, Long> expected = new TreeMap<>();
    if (source.isPresent()) {
      source.get().tables().forEach((table, sum) -> expected.put(table, sum.rows()));
    } else {
      var contents = contents();
      expected.putAll(contents.inserted());
      contents.tables().forEach(t -> expected.merge(t.table(), t.sums().count(), Long::sum));
    }
    return OnDatabase.read(
        act.cluster(), request.database(), connection -> counted(expected, connection));
  }

  private Verified counted(SortedMap<TableName, Long> expected, Connection connection)
      throws SQLException {
    var rows = 0L;
    for (var table : expected.entrySet()) {
      var actual = RowCounts.of(table.getKey(), connection);
      rows += Math.max(0, actual);
      if (actual != table.getValue()) {
        differences.add(
            "rows of %s: expected %d rows, found %s"
                .formatted(
                    table.getKey(), table.getValue(), actual < 0 ? "no such table" : actual));
      }
    }
    return new Verified(Depth.COUNTS, expected.size(), rows, "", "");
  }
}
