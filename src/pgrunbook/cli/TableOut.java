package pgrunbook.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;
import pgrunbook.action.RunTag;
import pgrunbook.action.StepPath;
import pgrunbook.postgres.Identifiers;
import pgrunbook.text.Closest;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;

/** Writes one table of a database into a file: whole, or not at all. */
record TableOut(Site site, String database) {
  private static final String TABLES =
      """
      SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f')
         AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'
       ORDER BY n.nspname <> 'public', 1, 2
      """;

  /** pg_dump takes a partitioned table without its partitions unless they are named. */
  private static final String PARTS =
      """
      SELECT n.nspname, c.relname FROM pg_partition_tree(?::regclass) t
        JOIN pg_class c ON c.oid = t.relid JOIN pg_namespace n ON n.oid = c.relnamespace
      """;

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** What is wanted; the file is not there yet. */
  record Wanted(String table, Path to) {}

  private record Name(String schema, String table) {
    String sql() {
      return Identifiers.quote(schema) + "." + Identifiers.quote(table);
    }

    String shown() {
      return schema.equals("public") ? table : schema + "." + table;
    }

    boolean is(String written) {
      return written.equals(table) || written.equals(schema + "." + table) || written.equals(sql());
    }
  }

  void write(Wanted wanted) throws IOException {
    var name = find(wanted.table());
    var part = wanted.to().resolveSibling(wanted.to().getFileName() + ".part");
    create(part);
    try {
      try (var out =
          new BufferedOutputStream(Files.newOutputStream(part, StandardOpenOption.WRITE))) {
        if (wanted.to().toString().endsWith(".csv")) {
          rows(name, out);
        } else {
          dump(name, out);
        }
      }
      try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      publish(part, wanted.to());
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** For its owner only, as the rows are those of real people. */
  private static void create(Path part) throws IOException {
    try {
      Files.createFile(part, OWNER_ONLY);
    } catch (FileAlreadyExistsException e) {
      throw isThere(part, e);
    }
  }

  private static InvalidInput isThere(Path file, FileAlreadyExistsException cause) {
    var problem =
        Problem.of(
            "there is a file " + file + " already",
            "it may be somebody's: remove or rename it, or write to another name");
    var wrong = new InvalidInput(problem);
    wrong.initCause(cause);
    return wrong;
  }

  /** A move could replace a file that came meanwhile, so it is linked; not every disk can that. */
  private static void publish(Path part, Path to) throws IOException {
    try {
      Files.createLink(to, part);
    } catch (FileAlreadyExistsException e) {
      throw isThere(to, e);
    } catch (UnsupportedOperationException | FileSystemException _) {
      Files.createFile(to, OWNER_ONLY); // fails where a file came; this one is ours to replace
      Files.move(part, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private Name find(String written) {
    var all = site.cluster().read(database, connection -> names(connection, TABLES, ""));
    return all.stream()
        .filter(name -> name.is(written))
        .findFirst()
        .orElseThrow(() ->
            new InvalidInput(
                Problem.of(
                    "the backup has no table '" + written + "'",
                    Closest.hint(written, all.stream().map(Name::shown).toList()))));
  }

  private static List<Name> names(Connection connection, String sql, String argument)
      throws SQLException {
    var names = new ArrayList<Name>();
    try (var statement = connection.prepareStatement(sql)) {
      if (!argument.isEmpty()) {
        statement.setString(1, argument);
      }
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(new Name(rows.getString(1), rows.getString(2)));
        }
      }
    }
    return names;
  }

  private void rows(Name name, OutputStream out) throws IOException {
    var sql = "COPY (SELECT * FROM " + name.sql() + ") TO STDOUT (FORMAT csv, HEADER)";
    var failed = new ArrayList<IOException>();
    site.cluster()
        .<Long>read(
            database,
            connection -> {
              try {
                return new CopyManager(connection.unwrap(BaseConnection.class)).copyOut(sql, out);
              } catch (IOException e) {
                failed.add(e);
                return 0L;
              }
            });
    if (!failed.isEmpty()) {
      throw failed.getFirst();
    }
  }

  private void dump(Name name, OutputStream out) throws IOException {
    var arguments = new ArrayList<>(List.of("--no-owner", "--no-privileges"));
    arguments.add("--table=" + name.sql());
    site.cluster()
        .read(database, connection -> names(connection, PARTS, name.sql()))
        .forEach(each -> arguments.add("--table=" + each.sql()));
    var application = new RunTag(java.util.Optional.empty(), new StepPath("backups"));
    var programs = site.world().programs().apply(application.applicationName());
    try (var in = site.world().processes().open(programs.command("pg_dump", database, arguments))) {
      in.transferTo(out);
    }
  }
}
