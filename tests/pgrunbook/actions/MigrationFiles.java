package pgrunbook.actions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;

/** A project with three migrations, and an empty database. */
record MigrationFiles(Path project, String database) {
  static MigrationFiles in(Path project) {
    try {
      var files = new MigrationFiles(project, PostgresServer.shared().createDatabase("flyway"));
      Files.createDirectories(project.resolve("migrations"));
      return files
          .write("V1__users.sql", "CREATE TABLE users (id int, name text);\n")
          .write("U1__users.sql", "DROP TABLE users;\n")
          .write("V2__notes.sql", "ALTER TABLE users ADD note text;\n")
          .write("U2__notes.sql", "ALTER TABLE users DROP COLUMN note;\n")
          .write("V3__orders.sql", "CREATE TABLE orders (id int);\n")
          .write("U3__orders.sql", "DROP TABLE orders;\n");
    } catch (java.sql.SQLException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  MigrationFiles write(String name, String sql) {
    try {
      Files.writeString(project.resolve("migrations").resolve(name), sql);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  MigrationFiles remove(String name) {
    try {
      Files.delete(project.resolve("migrations").resolve(name));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TestWorld world() {
    return TestWorld.in(project, database);
  }

  /** Migrates with the action itself. */
  FlywayMigrate.Output migrate(TestWorld world, String target) throws Exception {
    var action = new FlywayMigrate();
    var in = world.input(action, "target: '" + target + "'");
    var intent =
        TestWorld.journaled(action.intend(in, java.util.Optional.empty(), world.look("migrate")));
    return action.run(in, intent, world.act("migrate"));
  }
}
