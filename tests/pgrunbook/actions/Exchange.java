package pgrunbook.actions;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Claim;
import pgrunbook.expression.Scope;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;

/** A production database with properties of its own, in a world in which it may be replaced. */
final class Exchange implements AutoCloseable {
  final String database;
  final TestWorld world;
  final long oid;

  Exchange(Path folder) throws SQLException {
    var server = PostgresServer.shared();
    database = server.createDatabase("exchange");
    server.execute(database, "CREATE TABLE users AS SELECT 1 AS id");
    server.execute("postgres", "COMMENT ON DATABASE " + database + " IS 'the only one'");
    server.execute("postgres", "ALTER DATABASE " + database + " SET work_mem = '9MB'");
    server.execute("postgres", "ALTER DATABASE " + database + " CONNECTION LIMIT 17");
    server.execute("postgres", "REVOKE CONNECT ON DATABASE " + database + " FROM PUBLIC");
    world = TestWorld.in(folder, database);
    oid = named(database).orElseThrow().oid();
  }

  /** The world after postgres.recreate: the production name is free. */
  TestWorld nameTakenAway() {
    return world.holding(new Claim.Owes("name:" + database, "no database is named " + database));
  }

  Optional<DatabaseFacts> named(String name) {
    return world.cluster().database(name);
  }

  Optional<DatabaseFacts> old() {
    return world.cluster().databaseByOid(oid);
  }

  /** Everything that is to be the same after a rollback. */
  List<Object> identity() {
    var found = named(database).orElseThrow();
    var properties = world.cluster().properties(database).statementsFor(database);
    return List.of(found.oid(), found.allowConnections(), found.owner(), properties);
  }

  /** Names for an undo: what the journal holds of the undone step's intent. */
  static Scope undoing(Record intent) {
    var json = pgrunbook.yaml.Records.toJson(intent);
    return path -> {
      var value = json.path(path.getLast());
      if (value.isArray()) {
        return new Scope.Found.Is(value.valueStream().<Object>map(it -> it.asText()).toList());
      }
      if (value.isBoolean()) {
        return new Scope.Found.Is(value.asBoolean());
      }
      return value.isNumber()
          ? new Scope.Found.Is(value.asLong())
          : new Scope.Found.Is(value.asText());
    };
  }

  /** A call's values as YAML. */
  static String yaml(Map<String, String> with) {
    var text = new StringBuilder();
    with.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return text.toString();
  }

  @Override
  public void close() {
    world.close();
  }
}
