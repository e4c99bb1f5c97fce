package pgrunbook.actions;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.zip.GZIPOutputStream;
import pgrunbook.action.Act;
import pgrunbook.action.Programs;
import pgrunbook.action.StepFailed;
import pgrunbook.backup.Fingerprint;
import pgrunbook.backup.Fingerprints;
import pgrunbook.backup.Format;
import pgrunbook.backup.TableName;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.OutputSink;
import pgrunbook.text.Refused;

/** Writes a dump, and takes the fingerprint of the very same moment while it is written. */
final class Dumping {
  private static final int BUFFER = 1 << 16;
  private static final String PG_DUMP = "pg_dump";
  private static final int LOCKED_AT_ONCE = 200;

  private static final String TABLES =
      """
      SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.oid >= 16384
         AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       ORDER BY c.oid
      """;

  private final Request request;
  private final Act act;

  /**
   * What is dumped, and how.
   *
   * @param compression the fastest where nobody chose one
   * @param part the file or folder to write; it exists already and is empty
   */
  record Request(
      String database,
      Format format,
      Optional<Compression> compression,
      Path part,
      int jobs,
      Duration lockWait) {}

  /**
   * What the dump is of.
   *
   * @param moving the sequences that were used while it was written: they belong to no snapshot
   */
  record Dumped(Instant taken, Fingerprint fingerprint, Set<TableName> moving) {
    Dumped {
      moving = Set.copyOf(moving);
    }
  }

  private Dumping(Request request, Act act) {
    this.request = request;
    this.act = act;
  }

  static Dumped dump(Request request, Act act) throws StepFailed, InterruptedException {
    var done = false;
    try {
      var dumped =
          OnDatabase.write(
              act.cluster(), request.database(), new Dumping(request, act)::inSnapshot);
      done = true;
      return dumped;
    } finally {
      if (!done) {
        StepSessions.end(act);
      }
    }
  }

  /** How many connections to the database there are at a time, that of the snapshot included. */
  static int connections(Request request) {
    return request.format() == Format.DIRECTORY ? request.jobs() + 2 : 2;
  }

  /** The command, as a plan shows it. */
  static ChildCommand command(Request request, String snapshot, Programs programs) {
    return command(request, compression(request, programs), snapshot, programs);
  }

  private static Compression compression(Request request, Programs programs) {
    return request
        .compression()
        .orElseGet(() -> Compression.fastest(request.format(), programs.major(PG_DUMP)));
  }

  private static ChildCommand command(
      Request request, Compression compression, String snapshot, Programs programs) {
    var arguments = new ArrayList<String>();
    arguments.add("--lock-wait-timeout=" + request.lockWait().toMillis());
    arguments.add("--snapshot=" + snapshot);
    switch (request.format()) {
      case PLAIN, GZIP -> arguments.add("--format=plain");
      case CUSTOM -> {
        arguments.add("--format=custom");
        arguments.addAll(compression.arguments(programs.major(PG_DUMP)));
        file(request, programs).ifPresent(file -> arguments.add("--file=" + file));
      }
      case DIRECTORY -> {
        arguments.addAll(List.of("--format=directory", "--jobs=" + request.jobs()));
        arguments.addAll(compression.arguments(programs.major(PG_DUMP)));
        arguments.add("--file=" + file(request, programs).orElseThrow(() -> unseen(request)));
      }
    }
    return programs.command(PG_DUMP, request.database(), arguments);
  }

  /** Where pg_dump itself writes; empty where it writes to its standard output. */
  private static Optional<String> file(Request request, Programs programs) {
    return request.format().isArchive() ? programs.seenToWrite(request.part()) : Optional.empty();
  }

  private static Refused unseen(Request request) {
    return new Refused(
        "pg_dump runs in a container, which does not see the folder of " + request.part(),
        "mount it, as in ./backups:/backups, where this user may write; or choose format: custom");
  }

  /**
   * Locks first: neither the dump nor the fingerprint waits later, and no TRUNCATE comes between.
   */
  private Dumped inSnapshot(Connection connection)
      throws SQLException, StepFailed, InterruptedException {
    var tables = strings(connection, TABLES);
    Contents.begin(connection);
    execute(connection, "SET LOCAL lock_timeout = " + request.lockWait().toMillis());
    for (var from = 0; from < tables.size(); from += LOCKED_AT_ONCE) {
      var some = tables.subList(from, Math.min(tables.size(), from + LOCKED_AT_ONCE));
      execute(connection, "LOCK TABLE " + String.join(", ", some) + " IN ACCESS SHARE MODE");
    }
    execute(connection, "SET LOCAL lock_timeout = 0");
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT pg_export_snapshot(), transaction_timestamp()")) {
      row.next();
      var snapshot = row.getString(1);
      return withSnapshot(connection, snapshot, row.getTimestamp(2));
    }
  }

  private Dumped withSnapshot(Connection connection, String snapshot, Timestamp taken)
      throws SQLException, StepFailed, InterruptedException {
    var dumping =
        new FutureTask<>(() -> {
          try {
            write(snapshot);
            return Contents.schemaHash(request.database(), Optional.of(snapshot), act);
          } catch (StepFailed | RuntimeException e) {
            act.cluster().cancelAll(); // nobody needs the fingerprint any more
            throw e;
          }
        });
    var before = Fingerprints.sequences(connection);
    var thread = Thread.ofPlatform().name("pg_dump").start(dumping);
    try {
      var content = Fingerprints.take(connection).withSchemaHash(result(dumping));
      var moving = new TreeMap<>(Fingerprints.sequences(connection));
      moving.entrySet().removeAll(before.entrySet());
      return new Dumped(taken.toInstant(), content.withSequences(before), moving.keySet());
    } catch (SQLException e) {
      if (dumping.isDone()) {
        result(dumping); // why it was cancelled
      }
      throw e;
    } finally {
      thread.interrupt();
      join(thread);
    }
  }

  private static String result(FutureTask<String> dumping) throws StepFailed, InterruptedException {
    try {
      return dumping.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case StepFailed failed -> throw failed;
        case InterruptedException interrupted -> throw interrupted;
        case RuntimeException runtime -> throw runtime;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /** The dump's child process ends before the step does, also when that was interrupted. */
  private static void join(Thread thread) {
    var interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(String snapshot) throws StepFailed, InterruptedException {
    try {
      var compression = compression(request, act.programs());
      try {
        write(compression, snapshot);
      } catch (StepFailed e) {
        var other = compression.instead(e);
        if (other.isEmpty()) {
          throw e;
        }
        act.log().line(String.valueOf(e.getMessage()));
        write(other.get(), snapshot);
      }
    } catch (Refused e) {
      var problem = e.problems().getFirst();
      throw new StepFailed(problem.what(), problem.hint(), e);
    } catch (IOException e) {
      throw OnDatabase.failed("the backup could not be written", e);
    }
  }

  private void write(Compression compression, String snapshot)
      throws IOException, StepFailed, InterruptedException {
    var command = command(request, compression, snapshot, act.programs());
    act.log().line(command.shown(act.masking()));
    if (command.argv().stream().anyMatch(word -> word.startsWith("--file="))) {
      toFile(command);
    } else {
      throughUs(command, compression);
    }
  }

  private void toFile(ChildCommand command) throws IOException, StepFailed, InterruptedException {
    try (var _ = Every.second(() -> act.progress().bytes(Folders.size(request.part()), 0))) {
      var finished =
          act.processes().run(command, OutputSink.none(), act.log()::line, act.deadline());
      if (!finished.succeeded()) {
        throw new StepFailed(
            "pg_dump failed: " + Hints.why(finished), Hints.of(finished.errorTail()), null);
      }
    }
  }

  private void throughUs(ChildCommand command, Compression compression)
      throws StepFailed, InterruptedException {
    try (var in = act.processes().open(command, act.deadline());
        var file = new Counting(Files.newOutputStream(request.part()));
        var out = request.format() == Format.GZIP ? new Gzip(file, compression) : file) {
      in.transferTo(out);
    } catch (IOException e) {
      throw OnDatabase.failed("the backup could not be written", e);
    }
  }

  /** With a level of its own. */
  private static final class Gzip extends GZIPOutputStream {
    Gzip(OutputStream out, Compression compression) throws IOException {
      super(out, BUFFER);
      compression.level().ifPresent(def::setLevel);
    }
  }

  /** Tells how much was written. */
  private final class Counting extends FilterOutputStream {
    private long written;

    Counting(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      written += length;
      act.progress().bytes(written, 0);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> strings(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var all = new ArrayList<String>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }
}
