package pgrunbook.actions;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.ClientPrograms;
import pgrunbook.action.Progress;
import pgrunbook.action.RunTag;
import pgrunbook.action.StepPath;
import pgrunbook.action.World;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.process.Deadline;
import pgrunbook.testing.Databases;
import pgrunbook.testing.TestWorld;

/** A role that owns one database and may make others, no superuser; and what it may act on. */
final class OrdinaryRole implements AutoCloseable {
  final String name;
  private final TestWorld world;
  private final Connector connector;
  private final PlainCluster cluster;

  private OrdinaryRole(String name, TestWorld world) {
    this.name = name;
    this.world = world;
    this.connector =
        new Connector("127.0.0.1", world.server().port(), name, Optional.empty(), Optional.empty());
    this.cluster = new PlainCluster(connector, () -> "ordinary");
  }

  static OrdinaryRole owning(String database, TestWorld world) {
    var name = "owner_of_" + database;
    sql("CREATE ROLE " + name + " LOGIN CREATEDB");
    sql("ALTER DATABASE " + database + " OWNER TO " + name);
    return new OrdinaryRole(name, world);
  }

  /** Makes another role, which knows nothing of this one. */
  String another() {
    sql("CREATE ROLE another_" + name + " LOGIN");
    return "another_" + name;
  }

  static void sql(String sql) {
    Databases.execute("postgres", sql);
  }

  /** Serves as a look, too. */
  Act act(String step) {
    var all = world.world();
    return new World(
            all.target(),
            _ -> cluster,
            all.services(),
            all.maintenance(),
            all.compose(),
            all.neighbours(),
            application -> new ClientPrograms(world.tools(), connector, () -> application),
            all.archives(),
            all.processes(),
            all.masking())
        .act(
            new RunTag(Optional.of(TestWorld.RUN), new StepPath(step)),
            List.of(),
            Map.of(),
            Progress.NONE,
            _ -> {},
            Deadline.none());
  }

  @Override
  public void close() {
    cluster.close();
  }
}
