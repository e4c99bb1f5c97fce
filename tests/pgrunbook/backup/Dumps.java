package pgrunbook.backup;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import pgrunbook.testing.PostgresServer;

/** Real databases and real dumps of them, for the tests of this package. */
final class Dumps {
  static final PostgresServer SERVER = PostgresServer.shared();

  /** Everything that is awkward to dump, restore and compare. */
  static final String RICH =
      """
      CREATE EXTENSION citext;
      CREATE SCHEMA "Odd ""schema""; \\!";
      CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s fine');
      CREATE TYPE pair AS (a int, b text);
      CREATE TABLE users (
        id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name citext NOT NULL, mood mood, tags text[], doc jsonb, raw bytea,
        born timestamptz, seen timestamp, took interval, price numeric, ratio float8,
        both_ pair, span int4range, shout text GENERATED ALWAYS AS (upper(name::text)) STORED);
      INSERT INTO users (name, mood, tags, doc, raw, born, seen, took, price, ratio, both_, span)
      SELECT 'user ' || i, 'it''s fine', ARRAY['a,b', 'c"d', E'e\\\\f', NULL],
             jsonb_build_object('k', i, 'text', E'line\\nbreak\\ttab \\\\. $$ ; \\\\! touch x'),
             decode(md5(i::text), 'hex'), '2024-01-01 12:00:00.25+05:30'::timestamptz
               + i * interval '1 hour', '2024-02-29', i * interval '90 min',
             CASE i % 3 WHEN 0 THEN 'NaN'::numeric ELSE i / 7.0 END,
             CASE i % 5 WHEN 0 THEN '-Infinity'::float8 ELSE i / 3.0 END,
             ROW(i, 'p ' || i)::pair, int4range(i, i + 5)
        FROM generate_series(1, 500) i;
      CREATE TABLE "Odd ""schema""; \\!"."Täble {x} $$ -- /* '" ("select" int, "a,b\\" text);
      INSERT INTO "Odd ""schema""; \\!"."Täble {x} $$ -- /* '"
      VALUES (1, E'\\\\.'), (2, E'\\\\restrict'), (3, NULL), (4, ''), (5, E'\\r\\n\\\\N');
      CREATE TABLE measured (at date NOT NULL, value real) PARTITION BY RANGE (at);
      CREATE TABLE measured_23 PARTITION OF measured FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
      CREATE TABLE measured_24 PARTITION OF measured FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
      INSERT INTO measured SELECT date '2023-12-01' + i, i / 3.0 FROM generate_series(0, 60) i;
      CREATE TABLE base (id int, note text);
      CREATE TABLE child (extra int) INHERITS (base);
      ALTER TABLE base ADD COLUMN later text DEFAULT 'l';
      INSERT INTO base VALUES (1, 'base');
      INSERT INTO child VALUES (2, 'child', 7, 'x');
      CREATE UNLOGGED TABLE cache (k text, v xml);
      INSERT INTO cache VALUES ('a', '<a>1</a>');
      CREATE TABLE zero ();
      INSERT INTO zero DEFAULT VALUES;
      INSERT INTO zero DEFAULT VALUES;
      CREATE TABLE empty (id int);
      CREATE TABLE shrunk (gone int, kept text);
      ALTER TABLE shrunk DROP COLUMN gone;
      INSERT INTO shrunk VALUES ('still here');
      CREATE SEQUENCE counted START 5;
      SELECT nextval('counted'), nextval('counted');
      CREATE SEQUENCE untouched;
      CREATE MATERIALIZED VIEW summary AS SELECT mood, count(*) FROM users GROUP BY mood;
      CREATE MATERIALIZED VIEW never AS SELECT 1 AS one WITH NO DATA;
      CREATE FUNCTION danger() RETURNS text LANGUAGE plpgsql AS $f$
      BEGIN
        -- DROP DATABASE prod; \\connect prod
        EXECUTE 'DROP DATABASE prod';
        RETURN $$\\! rm$$ || 'BEGIN; COMMIT; \\connect x';
      END $f$;
      CREATE FUNCTION newer(a int) RETURNS int LANGUAGE sql
      BEGIN ATOMIC SELECT CASE WHEN a > 0 THEN a ELSE 0 END; SELECT a + 1; END;
      COMMENT ON TABLE base IS 'ends with \\';
      COMMENT ON TABLE child IS E'DROP DATABASE prod;\\n\\\\connect prod\\n';
      SELECT lo_from_bytea(1001, decode(repeat('c0ffee', 5000), 'hex'));
      SELECT lo_from_bytea(1002, '');
      SELECT lo_put(lo_create(1003), 100000, 'behind a hole');
      """;

  private Dumps() {}

  static String database(String sql) throws SQLException, IOException, InterruptedException {
    var name = SERVER.createDatabase("backup");
    SERVER.script(name, sql);
    return name;
  }

  static String rows(int count) throws SQLException, IOException, InterruptedException {
    return database(
        "CREATE TABLE t (id int, words text);"
            + " INSERT INTO t SELECT i, 'row number ' || i FROM generate_series(1, "
            + count
            + ") i");
  }

  /** Runs pg_dump with these options into a new file or folder. */
  static Path dump(Path file, String database, String... options)
      throws IOException, InterruptedException {
    var args = new ArrayList<>(List.of(options));
    args.addAll(List.of("-f", file.toString(), database));
    SERVER.run("pg_dump", args.toArray(String[]::new)).ok();
    return file;
  }

  static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  static Path gzip(Path file, byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return Files.write(file, bytes.toByteArray());
  }

  static void cut(Path file, long size) throws IOException {
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), (int) size));
  }

  static Examination examine(Path backup) {
    return Examiner.examine(backup, READER, Examiner.Progress.NONE);
  }

  /** The first file of a directory archive that holds rows. */
  static Path data(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(f -> MemberFile.TABLE.matcher(f.getFileName().toString()).matches())
          .max(Comparator.comparingLong(f -> f.toFile().length()))
          .orElseThrow();
    }
  }

  static final ArchiveReader READER =
      new ArchiveReader() {
        @Override
        public InputStream plain(Path archive, List<String> options) throws IOException {
          var args = new ArrayList<>(List.of("-f", "-"));
          args.addAll(options);
          args.add(archive.toString());
          var errors = Files.createTempFile("pg_restore", ".err");
          var process =
              SERVER
                  .command("pg_restore", args.toArray(String[]::new))
                  .redirectError(errors.toFile())
                  .start();
          return new FilterInputStream(process.getInputStream()) {
            @Override
            public void close() throws IOException {
              super.close();
              var said = text(errors).strip();
              Files.deleteIfExists(errors);
              try {
                if (process.waitFor() != 0) {
                  throw new IOException(said);
                }
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
            }
          };
        }

        @Override
        public String tableOfContents(Path archive) throws IOException {
          try {
            var ran = SERVER.run("pg_restore", "-l", archive.toString());
            if (ran.exit() != 0) {
              throw new IOException(ran.err().strip());
            }
            return ran.out();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        }
      };
}
