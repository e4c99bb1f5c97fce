package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Act;
import pgrunbook.actions.WritesSince.Answer;
import pgrunbook.actions.WritesSince.Mark;
import pgrunbook.backup.Manifests;
import pgrunbook.postgres.Cluster;
import pgrunbook.testing.Interposed;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;
import pgrunbook.text.Problems;

class WritesSinceTest {
  @TempDir private Path project;

  private String database;
  private TestWorld world;

  @BeforeEach
  void open() throws Exception {
    database = Sample.database(PostgresServer.shared());
    world = TestWorld.in(project, database);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void nothing_was_written_where_only_reading_went_on() throws Exception {
    // given
    var before = mark();
    // when
    world.server().execute(database, "SELECT count(*) FROM users");
    // then
    assertThat(WritesSince.between(before, mark())).isInstanceOf(Answer.Nothing.class);
  }

  @Test
  void what_is_written_in_another_database_does_not_count() throws Exception {
    // given
    var before = mark();
    var other = world.server().createDatabase("other");
    // when
    world.server().execute(other, "CREATE TABLE t AS SELECT 1");
    // then
    assertThat(before.snapshot()).isNotEqualTo(mark().snapshot());
    assertThat(WritesSince.between(before, mark()))
        .isEqualTo(new Answer.Nothing("no row of the database was written"));
  }

  @Test
  void rows_and_changes_of_the_schema_are_seen() throws Exception {
    for (var sql :
        new String[] {
          "UPDATE users SET name = 'x' WHERE id = 1",
          "DELETE FROM users WHERE id = 2",
          "TRUNCATE empty",
          "ALTER TABLE users ADD COLUMN more int",
          "INSERT INTO parted VALUES (9, 1)",
          "SELECT lo_from_bytea(0, 'x')"
        }) {
      // given
      var before = mark();
      // when
      world.server().execute(database, sql);
      // then
      assertThat(WritesSince.between(before, mark())).as(sql).isInstanceOf(Answer.Something.class);
    }
  }

  @Test
  void a_backup_keeps_the_mark_of_its_moment_in_its_manifest() throws Exception {
    // given
    var output = Sample.backup(world, "{}");
    var backup = project.resolve(output.file());
    var manifest = Manifests.read(Manifests.beside(backup), new Problems()).orElseThrow();
    // when
    var kept = Mark.of(manifest);
    // then
    assertThat(kept).isEqualTo(Mark.parse(output.mark())).isPresent();
    assertThat(WritesSince.between(kept.orElseThrow(), mark())).isInstanceOf(Answer.Nothing.class);
  }

  @Test
  void the_content_tells_it_where_no_mark_does() throws Exception {
    // given
    var backup = project.resolve(Sample.backup(world, "{}").file());
    var act = world.act("step");
    // when, then
    assertThat(WritesSince.sinceBackup(backup, database, act)).isInstanceOf(Answer.Nothing.class);
    world.server().execute(database, "UPDATE users SET name = 'y' WHERE id = 1");
    assertThat(WritesSince.sinceBackup(backup, database, act))
        .isInstanceOfSatisfying(
            Answer.Something.class, it -> assertThat(it.what()).contains("public.users"));
  }

  @Test
  void another_database_under_the_name_is_no_nothing() throws Exception {
    var mark = mark();
    var other = new Mark(1, mark.snapshot(), 0, 0, 0, mark.era(), true, 0);
    assertThat(WritesSince.between(other, mark)).isInstanceOf(Answer.Something.class);
  }

  @Test
  @Tag("fault")
  void numbers_that_began_anew_or_are_not_kept_leave_a_doubt() throws Exception {
    // given
    mark(); // nobody is left whose rows would be counted after the reset
    var doubt =
        new Answer.Something("something was written in the cluster, perhaps in this database");
    world.server().execute(database, "SELECT pg_stat_reset()");
    var reset = mark();
    // when
    world.server().execute(database, "UPDATE users SET name = 'late' WHERE id = 1");
    mark(); // the session is gone, its row counted: it must not be counted after the reset
    world.server().execute(database, "SELECT pg_stat_reset()");
    // then
    assertThat(mark().updated()).isEqualTo(reset.updated());
    assertThat(WritesSince.between(reset, mark())).isEqualTo(doubt);
    // and when nobody counts
    var off = "ALTER DATABASE " + database + " %s track_counts";
    world.server().execute("postgres", off.formatted("SET") + " = off");
    try {
      var counted = mark();
      world.server().execute(database, "UPDATE users SET name = 'later' WHERE id = 1");
      // then
      assertThat(mark().updated()).isEqualTo(counted.updated());
      assertThat(WritesSince.between(counted, mark())).isEqualTo(doubt);
    } finally {
      world.server().execute("postgres", off.formatted("RESET"));
    }
  }

  /** Somebody gets in while the database is open for being compared. */
  @Test
  @Tag("fault")
  void what_is_written_behind_the_comparison_of_the_content_is_found() throws Exception {
    // given
    var backup = project.resolve(Sample.backup(world, "{}").file());
    world.server().execute(database, "ANALYZE");
    world.cluster().closeDatabase(database);
    var act = world.act("step");
    var late =
        Interposed.in(
            Cluster.class,
            act.cluster(),
            "closeDatabase",
            meant -> {
              world.server().execute(database, "UPDATE users SET name = 'late' WHERE id = 1");
              return meant.call();
            });
    // when
    var answer =
        WritesSince.sinceBackupOfClosed(
            backup, database, Interposed.in(Act.class, act, "cluster", _ -> late));
    // then
    assertThat(answer)
        .isEqualTo(new Answer.Something("rows were written: 0 inserted, 1 updated, 0 deleted"));
    assertThat(world.cluster().database(database).orElseThrow().allowConnections()).isFalse();
  }

  @Test
  void what_an_ANALYZE_wrote_before_the_database_was_closed_is_no_loss() throws Exception {
    // given
    var backup = project.resolve(Sample.backup(world, "{}").file());
    world.server().execute(database, "ANALYZE");
    world.cluster().closeDatabase(database);
    // when
    var answer = WritesSince.sinceBackupOfClosed(backup, database, world.act("step"));
    // then
    assertThat(answer).isEqualTo(new Answer.Nothing("its content is that of the backup"));
    assertThat(world.cluster().database(database).orElseThrow().allowConnections()).isFalse();
  }

  @Test
  void what_was_written_before_the_database_was_closed_is_found() throws Exception {
    // given
    var backup = project.resolve(Sample.backup(world, "{}").file());
    world.server().execute(database, "UPDATE users SET name = 'late' WHERE id = 1");
    world.cluster().closeDatabase(database);
    // when
    var answer = WritesSince.sinceBackupOfClosed(backup, database, world.act("step"));
    // then
    assertThat(answer).isInstanceOf(Answer.Something.class);
    assertThat(world.cluster().database(database).orElseThrow().allowConnections()).isFalse();
  }

  @Test
  void a_session_that_may_still_write_leaves_a_doubt() throws Exception {
    // given
    var before = mark();
    world.server().execute(world.server().createDatabase("other"), "CREATE TABLE t ()");
    try (var _ = world.server().connect(database)) {
      // when, then
      assertThat(WritesSince.between(before, read()))
          .isEqualTo(new Answer.Something("1 session is still there that may write"));
    }
  }

  /** A mark when the sessions of the test before it are gone, as after closing the database. */
  private Mark mark() throws InterruptedException {
    for (var mark = read(); ; mark = read()) {
      if (mark.sessions() == 0) {
        return mark;
      }
      Thread.sleep(5);
    }
  }

  private Mark read() {
    return world
        .cluster()
        .read("postgres", connection -> WritesSince.mark(connection, database))
        .orElseThrow();
  }
}
