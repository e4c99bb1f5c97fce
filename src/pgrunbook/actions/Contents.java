package pgrunbook.actions;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import pgrunbook.action.Act;
import pgrunbook.action.StepFailed;
import pgrunbook.backup.Fingerprint;
import pgrunbook.backup.Fingerprints;

/** What a database holds, as numbers that can be compared. */
final class Contents {
  /** Lines that differ from dump to dump, or between minor releases, and say nothing. */
  private static final Pattern UNSTABLE =
      Pattern.compile("\\\\(un)?restrict .*|-- Dumped (from|by) .*");

  private Contents() {}

  /** The fingerprint of a database as it is now. */
  static Fingerprint fingerprint(String database, boolean withSchema, Act act)
      throws StepFailed, InterruptedException {
    var content =
        OnDatabase.read(
            act.cluster(),
            database,
            connection -> {
              begin(connection);
              return Fingerprints.take(connection);
            });
    return withSchema
        ? content.withSchemaHash(schemaHash(database, Optional.empty(), act))
        : content;
  }

  /** Begins a transaction in which everything is of the same moment. */
  static void begin(Connection connection) throws SQLException {
    connection.setReadOnly(true);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setAutoCommit(false);
    Fingerprints.prepare(connection);
  }

  /**
   * The SHA-256 of the definition of everything in a database, owners and privileges included. It
   * can be compared where the major versions of server and pg_dump are the same.
   */
  static String schemaHash(String database, Optional<String> snapshot, Act act)
      throws StepFailed, InterruptedException {
    var arguments = new ArrayList<>(List.of("--schema-only"));
    snapshot.ifPresent(id -> arguments.add("--snapshot=" + id));
    var command = act.programs().command("pg_dump", database, arguments);
    try (var out = act.processes().open(command, act.deadline());
        var lines = new BufferedReader(new InputStreamReader(out, StandardCharsets.ISO_8859_1))) {
      var digest = sha256();
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!UNSTABLE.matcher(line).matches()) {
          digest.update((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw OnDatabase.failed("the schema of '" + database + "' could not be read", e);
    }
  }

  /** One number for a whole fingerprint, to be shown and kept as evidence. */
  static String digest(Fingerprint fingerprint) {
    var json = Fingerprints.toJson(fingerprint).toString();
    return HexFormat.of().formatHex(sha256().digest(json.getBytes(StandardCharsets.UTF_8)));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static final String OBJECTS =
      """
      SELECT count(*) FROM (
        SELECT oid FROM pg_class UNION ALL SELECT oid FROM pg_proc
        UNION ALL SELECT oid FROM pg_type UNION ALL SELECT oid FROM pg_namespace
        UNION ALL SELECT oid FROM pg_extension UNION ALL SELECT oid FROM pg_operator
        UNION ALL SELECT oid FROM pg_collation UNION ALL SELECT oid FROM pg_event_trigger
        UNION ALL SELECT oid FROM pg_publication UNION ALL SELECT oid FROM pg_ts_config
        UNION ALL SELECT oid FROM pg_foreign_data_wrapper
        UNION ALL SELECT oid FROM pg_largeobject_metadata) AS o
      WHERE oid >= 16384
      """;

  /** How many objects a database holds that do not come with PostgreSQL. */
  static long objects(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(OBJECTS)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
