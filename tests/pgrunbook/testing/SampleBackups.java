package pgrunbook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.zip.GZIPOutputStream;
import pgrunbook.backup.Fingerprint;

/** One small database with something of everything, and a backup of it in each format. */
public final class SampleBackups {
  /** Owns what is in the sample. */
  public static final String OWNER = "shop_owner";

  /** May read it. */
  public static final String READER = "shop_reader";

  private static final String CONTENT =
      """
      CREATE TABLE users (
        id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        email text NOT NULL UNIQUE, note text, raw bytea, doc jsonb, born date);
      INSERT INTO users (email, note, raw, doc, born)
      SELECT 'user' || i || '@example.org', E'back\\\\slash\\ttab\\nline \\\\. ' || i,
             decode(md5(i::text), 'hex'), jsonb_build_object('n', i), date '1990-01-01' + i
        FROM generate_series(1, 400) i;
      CREATE TABLE orders (
        id bigint PRIMARY KEY, user_id int NOT NULL REFERENCES users, total numeric(10, 2));
      INSERT INTO orders SELECT i, 1 + i % 400, i / 7.0 FROM generate_series(1, 1500) i;
      CREATE INDEX orders_by_user ON orders (user_id);
      CREATE SEQUENCE invoice START 70;
      SELECT nextval('invoice');
      CREATE VIEW spent AS SELECT user_id, sum(total) AS total FROM orders GROUP BY user_id;
      CREATE FUNCTION danger() RETURNS text LANGUAGE plpgsql AS $f$
      BEGIN
        -- \\connect prod
        EXECUTE 'DROP DATABASE prod';
        RETURN '\\! rm';
      END $f$;
      CREATE TABLE empty (id int);
      ALTER TABLE users OWNER TO shop_owner;
      ALTER TABLE orders OWNER TO shop_owner;
      GRANT SELECT ON users, orders TO shop_reader;
      """;

  private static final String LARGE_OBJECTS =
      "SELECT lo_from_bytea(4711, decode(repeat('c0ffee', 2000), 'hex'));"
          + " ALTER LARGE OBJECT 4711 OWNER TO shop_owner;";

  private static final class Holder {
    private static final SampleBackups SHARED = make();
  }

  /** What pg_dump, and people who pack its output, write. */
  public enum Format {
    PLAIN("shop.sql"),
    GZIP("shop.sql.gz"),
    CUSTOM("shop.dump"),
    DIRECTORY("shop.dir");

    private final String file;

    Format(String file) {
      this.file = file;
    }

    /** How such a backup of the sample is named. */
    public String file() {
      return file;
    }
  }

  private final String database;
  private final Fingerprint fingerprint;
  private final Path folder;

  private SampleBackups(String database, Fingerprint fingerprint, Path folder) {
    this.database = database;
    this.fingerprint = fingerprint;
    this.folder = folder;
  }

  /** The sample of this JVM. */
  public static SampleBackups shared() {
    return Holder.SHARED;
  }

  /** A database to copy. */
  public String database() {
    return database;
  }

  /** What the backups hold. */
  public Fingerprint fingerprint() {
    return fingerprint;
  }

  /** A good backup; copy it before it is damaged. */
  public Path backup(Format format) {
    return folder.resolve(format.file());
  }

  private static SampleBackups make() {
    var server = PostgresServer.shared();
    try {
      server.execute(
          "postgres", "CREATE ROLE " + OWNER + " LOGIN; CREATE ROLE " + READER + " LOGIN");
      var database = server.createDatabase("sample");
      server.script(database, CONTENT + LARGE_OBJECTS);
      var folder = Files.createTempDirectory("pgrunbook-sample");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> Folders.delete(folder)));
      var sample = new SampleBackups(database, Databases.fingerprint(database), folder);
      for (var format : Format.values()) {
        sample.write(format);
      }
      return sample;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(Format format) throws IOException, InterruptedException {
    var file = backup(format);
    switch (format) {
      case PLAIN -> dump("-Fp", file);
      case CUSTOM -> dump("-Fc", file);
      case DIRECTORY -> dump("-Fd", file);
      case GZIP -> {
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
          Files.copy(backup(Format.PLAIN), out);
        }
      }
    }
  }

  private void dump(String format, Path file) throws IOException, InterruptedException {
    PostgresServer.shared().run("pg_dump", format, "-f", file.toString(), database).ok();
  }
}
