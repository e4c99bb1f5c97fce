package pgrunbook.actions;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import pgrunbook.action.Act;
import pgrunbook.action.StepFailed;
import pgrunbook.backup.Examination;
import pgrunbook.backup.Examiner;
import pgrunbook.backup.Format;
import pgrunbook.backup.Formats;
import pgrunbook.backup.ManifestDigest;
import pgrunbook.backup.Manifests;
import pgrunbook.backup.NamedRoles.Policy;
import pgrunbook.backup.Recognised;
import pgrunbook.backup.RolesLeftOut;
import pgrunbook.postgres.PostgresException;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Finished;
import pgrunbook.process.OutputSink;
import pgrunbook.process.Stdin;
import pgrunbook.text.Problems;
import pgrunbook.text.Refused;

/** Restores a backup into an empty database, whole or not at all as far as anybody can tell. */
record Restoring(Request request, Act act) {
  private static final int BUFFER = 1 << 16;

  /**
   * What is restored, and how.
   *
   * @param sha256 the digest that the backup must have
   */
  record Request(
      BackupPath backup,
      String sha256,
      String database,
      boolean owner,
      boolean privileges,
      boolean tablespaces,
      int jobs,
      boolean analyze) {
    /** Whether the backup is restored with everything that names something of its server. */
    boolean whole() {
      return owner && privileges && tablespaces;
    }
  }

  /**
   * How it went.
   *
   * @param bytes the database's size afterwards
   * @param read how long it took to see that this is the backup that was verified
   * @param restore how long the program that restores ran
   */
  record Restored(long bytes, Duration read, Duration restore, Duration analyze) {}

  static Restored restore(Request request, Act act) throws StepFailed, InterruptedException {
    return new Restoring(request, act).restore();
  }

  /** The digest that the manifest beside a backup names; nothing without a manifest. */
  static Optional<String> digestInManifest(BackupPath backup) {
    return Manifests.read(backup.manifest(), new Problems()).map(ManifestDigest::of);
  }

  private Restored restore() throws StepFailed, InterruptedException {
    var started = System.nanoTime();
    var restored = Duration.ZERO;
    var done = false;
    try {
      restored =
          switch (Formats.recognise(request.backup().path())) {
            case Recognised.Unusable(_, var problem) ->
                throw new StepFailed(
                    request.backup().shown() + ": " + problem.what(), problem.hint(), null);
            case Recognised.Backup(_, var format) when format.isArchive() -> archive(road(format));
            case Recognised.Backup(_, var format) -> plain(format);
          };
      done = true;
    } catch (IOException e) {
      throw OnDatabase.failed("the restore of " + request.backup().shown() + " was ended", e);
    } finally {
      if (!done) {
        StepSessions.end(act);
      }
    }
    var read = Duration.ofNanos(System.nanoTime() - started).minus(restored);
    var analyzed = analyze();
    var bytes = act.cluster().database(request.database()).flatMap(facts -> facts.bytes());
    return new Restored(bytes.orElse(0L), read, restored, analyzed);
  }

  private Duration analyze() throws StepFailed, InterruptedException {
    if (!request.analyze()) {
      return Duration.ZERO;
    }
    var started = System.nanoTime();
    act.progress().doing("ANALYZE of " + request.database());
    try {
      act.cluster().execute(request.database(), "ANALYZE");
    } catch (PostgresException e) {
      throw OnDatabase.failed(e);
    }
    return Duration.ofNanos(System.nanoTime() - started);
  }

  private Duration plain(Format format) throws IOException, StepFailed, InterruptedException {
    var commit = new CommitAtEnd(request.backup().path());
    act.progress().doing("reading " + request.backup().shown() + " once more");
    var examination =
        Examiner.examine(request.backup().path(), act.archives(), act.progress()::bytes);
    sameAsVerified(examination.digest());
    if (!examination.isUsable()) {
      var problem = examination.problems().getFirst();
      throw new StepFailed(request.backup().shown() + ": " + problem.what(), problem.hint(), null);
    }
    var leftOut = LeftOutPolicies.of(request, examination.contents(), act);
    var one = !examination.contents().ownTransactions();
    return one && road(format) == Road.FILE
        ? file(examination, commit)
        : run(
            Road.PIPE,
            Stdin.from(out -> send(new Sent(format, one, examination.size(), leftOut), out)),
            OutputSink.none());
  }

  private Duration file(Examination examination, CommitAtEnd commit)
      throws IOException, StepFailed, InterruptedException {
    var total = examination.manifest().map(it -> it.source().size()).orElse(0L);
    try (var _ = Every.second(() -> tellSize(total))) {
      var took = run(Road.FILE, Stdin.from(commit), commit);
      if (!commit.isSent()) {
        throw new StepFailed(
            "psql ended before it was told to commit", "the step's log has its words; run again");
      }
      return took;
    }
  }

  /** How a plain dump is sent. */
  private record Sent(Format format, boolean oneTransaction, long size, List<Policy> leftOut) {}

  /** COMMIT comes after the last byte of the very file that was verified; before, psql is ended. */
  private void send(Sent sent, OutputStream out) throws IOException {
    var digest = Contents.sha256();
    try (var file = new Counting(Files.newInputStream(request.backup().path()), sent.size());
        var raw = new DigestInputStream(file, digest);
        var in = sent.format() == Format.GZIP ? new GZIPInputStream(raw, BUFFER) : raw) {
      if (sent.oneTransaction()) {
        out.write("BEGIN;\n".getBytes(StandardCharsets.US_ASCII));
      }
      copyWithoutRoles(in, out, sent.leftOut());
      raw.transferTo(OutputStream.nullOutputStream());
      refuseChanged(digest);
      if (sent.oneTransaction()) {
        out.write("\nCOMMIT;\n".getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  private void copyWithoutRoles(InputStream in, OutputStream out, List<Policy> leftOut)
      throws IOException {
    if (request.whole()) {
      copy(in, out);
    } else {
      var kept =
          new RolesLeftOut(
              out, request.owner(), request.privileges(), request.tablespaces(), leftOut);
      copy(in, kept);
      kept.finish();
    }
  }

  private Road road(Format format) throws StepFailed {
    try {
      return Road.of(format, request, act.programs());
    } catch (Refused e) {
      throw failed(e);
    }
  }

  private static StepFailed failed(Refused e) {
    var problem = e.problems().getFirst();
    return new StepFailed(problem.what(), problem.hint(), e);
  }

  private Duration archive(Road road) throws IOException, StepFailed, InterruptedException {
    act.progress().doing("reading " + request.backup().shown() + " once more");
    var before = Stamp.of(request.backup().path());
    sameAsVerified(Examiner.digest(request.backup().path()));
    var superuser = act.cluster().server().superuser();
    var total =
        Manifests.read(request.backup().manifest(), new Problems())
            .map(manifest -> manifest.source().size())
            .orElse(0L);
    try (var _ = Every.second(() -> tellSize(total))) {
      var took = run(road, input(road, superuser), OutputSink.none());
      refuseChangedSince(before);
      return took;
    }
  }

  /** pg_restore has opened the archive by itself, after its digest was compared. */
  private void refuseChangedSince(Stamp before) throws IOException {
    if (!Stamp.of(request.backup().path()).equals(before)) {
      throw changed();
    }
  }

  private Stdin input(Road road, boolean superuser) throws IOException {
    var leftOut = LeftOutPolicies.of(request, act);
    if (road == Road.SENT_ARCHIVE) {
      if (!leftOut.isEmpty()) {
        throw new IOException(LeftOutPolicies.unsendable(leftOut.getFirst()).what());
      }
      return Stdin.from(this::sendArchive);
    }
    return Road.isListed(request, superuser)
        ? Stdin.of(list(new ArchiveList(!superuser, leftOut)))
        : Stdin.none();
  }

  /** Its last bytes only go out when it is the one that was verified. */
  private void sendArchive(OutputStream out) throws IOException {
    var digest = Contents.sha256();
    var last = new byte[0];
    try (var in = new DigestInputStream(Files.newInputStream(request.backup().path()), digest)) {
      for (var next = in.readNBytes(BUFFER); next.length > 0; next = in.readNBytes(BUFFER)) {
        out.write(last);
        last = next;
      }
    }
    refuseChanged(digest);
    out.write(last);
  }

  private void refuseChanged(MessageDigest digest) throws IOException {
    if (!HexFormat.of().formatHex(digest.digest()).equals(request.sha256())) {
      throw changed();
    }
  }

  private static IOException changed() {
    return new IOException("the backup changed while it was restored");
  }

  private void tellSize(long total) {
    act.cluster()
        .database(request.database())
        .flatMap(facts -> facts.bytes())
        .ifPresent(bytes -> act.progress().bytes(bytes, total));
  }

  private String list(ArchiveList which) throws IOException {
    return which.of(act.archives().tableOfContents(request.backup().path()));
  }

  private void sameAsVerified(String digest) throws StepFailed {
    if (!digest.equals(request.sha256())) {
      throw new StepFailed(
          "the backup " + request.backup().shown() + " is not the one that was verified",
          "its SHA-256 is " + digest + ", and was " + request.sha256());
    }
  }

  /** In pieces of a pipe's size. */
  private static void copy(InputStream in, OutputStream out) throws IOException {
    var buffer = new byte[BUFFER];
    for (var n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
    }
  }

  /** How long the program ran. */
  private Duration run(Road road, Stdin stdin, OutputSink out)
      throws IOException, StepFailed, InterruptedException {
    var superuser = act.cluster().server().superuser();
    ChildCommand command;
    try {
      command = road.command(request, superuser, act.programs());
    } catch (Refused e) {
      throw failed(e);
    }
    act.progress().doing("restoring into " + request.database());
    act.log().line(command.shown(act.masking()));
    var finished = act.processes().run(command, stdin, out, act.log()::line, act.deadline());
    act.log().line("ended after " + finished.took().toMillis() + " ms");
    var ignored =
        finished.errorTail().stream()
            .filter(l -> l.contains("errors ignored on restore"))
            .findAny();
    if (!finished.succeeded() || ignored.isPresent()) {
      throw new StepFailed(
          (road == Road.FILE || road == Road.PIPE ? "psql" : "pg_restore")
              + " failed: "
              + why(finished),
          Hints.of(finished.errorTail()),
          null);
    }
    return finished.took();
  }

  private static String why(Finished finished) {
    return finished.errorTail().stream()
        .filter(line -> line.contains("ERROR:") || line.contains("FATAL:"))
        .findFirst()
        .filter(_ -> !finished.timedOut())
        .orElseGet(finished::why);
  }

  /** Tells how much of the file was read. */
  private final class Counting extends FilterInputStream {
    private final long total;
    private long count;

    Counting(InputStream in, long total) {
      super(in);
      this.total = total;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      var n = in.read(bytes, offset, length);
      count += Math.max(0, n);
      act.progress().bytes(count, total);
      return n;
    }
  }
}
