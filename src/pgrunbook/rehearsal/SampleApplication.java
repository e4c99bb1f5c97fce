package pgrunbook.rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import pgrunbook.migration.Migrations;
import pgrunbook.postgres.Cluster;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.Literals;

/**
 * A database with something of everything that a restore can lose, to rehearse on where there is no
 * backup: an owner who is no superuser, roles, privileges, settings, and always the same rows.
 *
 * @param vectors whether the embeddings are vectors with an index; without pgvector they are arrays
 */
public record SampleApplication(String database, boolean vectors) {
  public static final String OWNER = "app";
  public static final String READER = "app_readonly";

  private static final String ROWS = "sample-rows.sql";
  private static final String MIGRATIONS = "migrations";

  /** Those that make its schema, which come with this program. */
  public static Migrations migrations() {
    try {
      // A folder of a class path can't be listed; what this very class was loaded from can.
      var source = SampleApplication.class.getProtectionDomain().getCodeSource();
      var origin = Path.of(source.getLocation().toURI());
      return Files.isDirectory(origin)
          ? Migrations.read(origin.resolve(MIGRATIONS)).orThrow()
          : inJar(origin);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the sample application's migrations", e);
    }
  }

  static Migrations inJar(Path jar) throws IOException {
    try (var files = FileSystems.newFileSystem(jar)) {
      return Migrations.read(files.getPath(MIGRATIONS)).orThrow();
    }
  }

  /**
   * Makes the roles and the database where they are missing, its schema by the migrations, and its
   * rows.
   *
   * @param cluster to be used as a superuser
   * @param rows how many properties; a fifth as many users, and a few of everything else
   */
  public static SampleApplication create(Cluster cluster, String database, int rows)
      throws InterruptedException {
    var vectors = cluster.availableExtensions().containsKey("vector");
    cluster.write("postgres", connection -> createDatabase(connection, database));
    cluster.write(database, connection -> fill(connection, vectors, rows));
    cluster.write("postgres", connection -> setProperties(connection, database));
    return new SampleApplication(database, vectors);
  }

  /** Carries out some SQL as the owner, whole or not at all. */
  static void asOwner(Connection connection, String sql) throws SQLException {
    execute(
        connection, "BEGIN;\nSET LOCAL SESSION AUTHORIZATION " + OWNER + ";\n" + sql + "\n;COMMIT");
  }

  private static boolean createDatabase(Connection connection, String database)
      throws SQLException {
    for (var role : List.of(OWNER, READER)) {
      if (!exists(connection, "SELECT FROM pg_roles WHERE rolname = '" + role + "'")) {
        execute(connection, "CREATE ROLE " + role + " NOLOGIN");
      }
    }
    var name = Identifiers.quote(database);
    return exists(connection, "SELECT FROM pg_database WHERE datname = " + Literals.quote(database))
        ? execute(connection, "ALTER DATABASE " + name + " OWNER TO " + OWNER)
        : execute(connection, "CREATE DATABASE " + name + " TEMPLATE template0 OWNER " + OWNER);
  }

  private static boolean fill(Connection connection, boolean vectors, int rows)
      throws SQLException {
    if (vectors) {
      execute(connection, "CREATE EXTENSION vector"); // the owner may not
    }
    asOwner(
        connection,
        "GRANT USAGE ON SCHEMA public TO %1$s; ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO %1$s"
            .formatted(READER));
    for (var migration : migrations().all()) {
      asOwner(connection, migration.sql().text());
    }
    asOwner(connection, rows().replace(":rows", Integer.toString(rows)));
    return vectors;
  }

  /** What belongs to the database and not to its contents, and is in no plain dump. */
  private static boolean setProperties(Connection connection, String database) throws SQLException {
    var name = Identifiers.quote(database);
    for (var statement :
        List.of(
            "REVOKE ALL ON DATABASE %s FROM PUBLIC",
            "GRANT CONNECT ON DATABASE %s TO " + READER,
            "ALTER DATABASE %s CONNECTION LIMIT 50",
            "ALTER DATABASE %s SET timezone TO 'Europe/Berlin'",
            "ALTER DATABASE %s SET search_path TO public, pg_catalog",
            "ALTER ROLE " + READER + " IN DATABASE %s SET default_transaction_read_only TO on",
            "ALTER ROLE " + READER + " IN DATABASE %s SET statement_timeout TO '30s'",
            "COMMENT ON DATABASE %s IS 'real estate: the sample application''s database'")) {
      execute(connection, statement.formatted(name));
    }
    return true;
  }

  private static boolean execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      return statement.execute(sql);
    }
  }

  private static boolean exists(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      return result.next();
    }
  }

  private static String rows() {
    try (var in = SampleApplication.class.getResourceAsStream(ROWS)) {
      return new String(Objects.requireNonNull(in, ROWS).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
