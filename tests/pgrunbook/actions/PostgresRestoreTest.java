package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.action.Act;
import pgrunbook.action.Claim;
import pgrunbook.action.ClientPrograms;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.Preview;
import pgrunbook.action.Progress;
import pgrunbook.action.RunTag;
import pgrunbook.action.StepFailed;
import pgrunbook.action.StepPath;
import pgrunbook.action.World;
import pgrunbook.backup.Examiner;
import pgrunbook.backup.Format;
import pgrunbook.backup.Manifests;
import pgrunbook.postgres.Connector;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.process.Deadline;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;

class PostgresRestoreTest {
  private static final String WITH = "{backup: %s, database: %s}";

  @TempDir private Path project;

  private final PostgresRestore action = new PostgresRestore();
  private String database;
  private String empty;
  private TestWorld world;

  @BeforeEach
  void open() throws Exception {
    database = Sample.database(PostgresServer.shared());
    world = TestWorld.in(project, database);
    empty = Sample.privateDatabase(world);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private PostgresRestore.Input in(String backup) {
    return world.input(action, WITH.formatted(backup, empty));
  }

  private long objects() {
    return world.cluster().read(empty, Contents::objects);
  }

  private String users(String of) {
    return world
        .cluster()
        .read(
            of,
            connection -> {
              try (var statement = connection.createStatement();
                  var row =
                      statement.executeQuery("SELECT count(*) || ' ' || min(name) FROM users")) {
                return row.next() ? row.getString(1) : "";
              }
            });
  }

  /** A plain dump with something changed, and no manifest, verified as it is. */
  private String changed(String what, String by) throws Exception {
    var file = project.resolve(Sample.backup(world, "{format: plain}").file());
    Files.writeString(file, Files.readString(file).replace(what, by));
    Files.delete(Manifests.beside(file));
    var shown = project.relativize(file).toString();
    world = world.holding(new Claim.BackupVerified(shown, Examiner.digest(file)));
    return shown;
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void a_backup_of_any_format_is_restored_whole(Format format) throws Exception {
    // given
    world.server().execute(database, "SELECT lo_from_bytea(0, 'large')");
    var backup =
        Sample.backup(world, "{format: " + format.name().toLowerCase(Locale.ROOT) + "}").file();
    // when
    var output = Sample.run(action, world, WITH.formatted(backup, empty));
    // then
    assertThat(output.database()).isEqualTo(empty);
    assertThat(output.bytes()).isPositive();
    assertThat(users(empty)).isEqualTo(users(database));
    var act = world.act("step");
    assertThat(Contents.fingerprint(empty, true, act))
        .isEqualTo(Contents.fingerprint(database, true, act));
  }

  @Test
  void one_job_is_one_transaction() throws Exception {
    // given
    var backup = Sample.backup(world, "{}").file();
    // when
    var in = world.input(action, "{backup: %s, database: %s, jobs: 1}".formatted(backup, empty));
    // then
    assertThat(action.preview(in, world.planning("restore")).commands().getFirst())
        .contains("--single-transaction");
    action.run(in, action.intend(in, Optional.empty(), world.look("step")), world.act("step"));
    assertThat(users(empty)).isEqualTo(users(database));
  }

  @Test
  void a_plan_names_the_command_and_changes_nothing() throws Exception {
    // given
    var backup = Sample.backup(world, "{}").file();
    var before = Sample.files(project);
    // when
    var preview = action.preview(in(backup), world.planning("restore"));
    // then
    assertThat(preview.problems()).isEmpty();
    assertThat(preview.effect()).isEqualTo(Effect.MUTATING);
    assertThat(preview.commands().getFirst()).contains("pg_restore", "--exit-on-error", backup);
    assertThat(preview.needs())
        .containsExactly(new Claim.BackupVerified(backup, ""), new Claim.DatabaseEmpty(empty));
    assertThat(preview.leaves()).containsExactly(new Claim.Restored(empty));
    assertThat(Sample.files(project)).isEqualTo(before);
    assertThat(objects()).isZero();
  }

  @Test
  void the_production_database_itself_is_never_restored_into() throws Exception {
    // given
    var backup = Sample.backup(world, "{}").file();
    var in = world.input(action, WITH.formatted(backup, database));
    // when, then
    assertThat(action.preview(in, world.planning("restore")).problems().getFirst().what())
        .contains("never restored into '" + database + "'");
    assertThatThrownBy(() -> action.intend(in, Optional.empty(), world.look("step")))
        .isInstanceOf(StepFailed.class);
  }

  @Test
  void a_database_that_is_not_empty_is_left_alone() throws Exception {
    // given
    var backup = Sample.backup(world, "{}").file();
    world.server().execute(empty, "CREATE TABLE kept ()");
    // when, then
    assertThatThrownBy(() -> Sample.run(action, world, WITH.formatted(backup, empty)))
        .hasMessageContaining("is not empty");
    assertThat(objects()).isPositive();
    // and when it is filled after the step has looked
    world.server().execute(empty, "DROP TABLE kept");
    var in = in(backup);
    var intent = action.intend(in, Optional.empty(), world.look("step"));
    world.server().execute(empty, "CREATE TABLE kept ()");
    // then
    assertThatThrownBy(() -> action.run(in, intent, world.act("step")))
        .hasMessageContaining("is not empty");
    assertThat(objects()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"custom", "plain", "gzip", "directory"})
  void a_backup_that_changed_since_it_was_verified_is_not_restored(String format) throws Exception {
    // given
    var backup = Sample.backup(world, "{format: " + format + "}").file();
    world = world.holding(new Claim.BackupVerified(backup, "0".repeat(64)));
    // when, then
    assertThatThrownBy(() -> Sample.run(action, world, WITH.formatted(backup, empty)))
        .hasMessageContaining("is not the one that was verified");
    assertThat(objects()).isZero();
  }

  /** The program has opened it by itself, and is at work, when somebody writes to it. */
  @ParameterizedTest
  @Tag("fault")
  @ValueSource(strings = {"custom", "directory", "plain"})
  void a_backup_that_changes_while_it_is_restored_is_no_success(String format) throws Exception {
    // given a restore that waits
    world
        .server()
        .execute(
            database,
            "CREATE FUNCTION waits(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                + " 'BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN $1; END';"
                + " CREATE INDEX ON users (waits(id))");
    var backup = Sample.backup(world, "{format: " + format + "}").file();
    var in = in(backup);
    var intent = action.intend(in, Optional.empty(), world.look("step"));
    var act = world.act("step");
    // when
    var restoring = new FutureTask<>(() -> action.run(in, intent, act));
    try (var locked = world.server().connect(empty);
        var statement = locked.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(4711)");
      Thread.ofPlatform().start(restoring);
      while (!Sample.works(world, act, "CREATE INDEX users_waits_idx %") && !restoring.isDone()) {
        Thread.sleep(5);
      }
      Files.setLastModifiedTime(
          project.resolve(backup), FileTime.from(Instant.now().minusSeconds(60)));
    }
    // then
    assertThatThrownBy(restoring::get)
        .cause()
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("the backup changed while it was restored");
  }

  @Test
  @Tag("fault")
  void a_plain_dump_that_fails_leaves_nothing_behind() throws Exception {
    // given
    var end = "--\n-- PostgreSQL database dump complete";
    var backup = changed(end, "SELECT 1 / 0;\n\n" + end);
    // when, then
    assertThatThrownBy(() -> Sample.run(action, world, WITH.formatted(backup, empty)))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("psql failed")
        .hasMessageContaining("division by zero");
    assertThat(objects()).isZero();
  }

  @Test
  @Tag("fault")
  void a_missing_role_fails_with_a_hint() throws Exception {
    // given
    var backup = changed("OWNER TO postgres", "OWNER TO nobody_here");
    // when, then
    assertThatThrownBy(() -> Sample.run(action, world, WITH.formatted(backup, empty)))
        .isInstanceOfSatisfying(
            StepFailed.class, e -> assertThat(e.hint().orElseThrow()).contains("create the role"));
  }

  @Test
  void a_backup_that_nobody_verified_is_not_restored() throws Exception {
    // given
    var backup = changed("nothing", "nothing");
    world = world.holding();
    // when, then
    assertThatThrownBy(() -> Sample.run(action, world, WITH.formatted(backup, empty)))
        .hasMessageContaining("nobody verified");
  }

  @ParameterizedTest
  @ValueSource(strings = {"custom", "plain"})
  void an_interrupted_restore_leaves_no_child_and_no_session(String format) throws Exception {
    // given
    Sample.makeBig(world.server(), database);
    var in = in(Sample.backup(world, "{format: " + format + "}").file());
    var intent = action.intend(in, Optional.empty(), world.look("step"));
    var act = world.act("step");
    // when
    var end =
        Sample.interrupted(
            () -> action.run(in, intent, act), () -> Sample.works(world, act, "COPY public.big %"));
    // then
    assertThat(end).isInstanceOf(InterruptedException.class);
    assertThat(world.cluster().sessions(empty)).isEmpty();
    assertThat(ProcessHandle.current().descendants().map(p -> p.info().command().orElse("")))
        .noneMatch(command -> command.endsWith("psql") || command.endsWith("pg_restore"));
    // and then, resumed
    var observed = action.inspect(in, intent, world.look("step"));
    if (format.equals("plain")) {
      assertThat(observed).isInstanceOf(Observed.NotDone.class);
    } else {
      assertThat(observed).isInstanceOf(Observed.Partly.class);
    }
    Sample.run(action, world, WITH.formatted(in.backup().get(), empty), Optional.of(intent));
    assertThat(users(empty)).isEqualTo(users(database));
  }

  @Test
  void a_second_attempt_makes_a_half_restored_database_anew_with_its_properties() throws Exception {
    // given
    var backup = Sample.backup(world, "{}").file();
    world.server().execute("postgres", "ALTER DATABASE " + empty + " SET work_mem = '7MB'");
    var in = in(backup);
    var first = action.intend(in, Optional.empty(), world.look("step"));
    world.server().execute(empty, "CREATE TABLE users (half int)");
    // when
    assertThat(action.inspect(in, first, world.look("step"))).isInstanceOf(Observed.Partly.class);
    var second = action.intend(in, Optional.of(first), world.look("step"));
    action.run(in, second, world.act("step"));
    // then
    assertThat(second.again()).isTrue();
    assertThat(users(empty)).isEqualTo(users(database));
    assertThat(world.cluster().properties(empty).properties()).hasSize(1);
    assertThat(world.cluster().databaseNames()).doesNotContain(empty + "_again");
  }

  @Test
  void a_crash_between_drop_and_rename_is_found_and_healed() throws Exception {
    // given
    var in = in(Sample.backup(world, "{}").file());
    var first = action.intend(in, Optional.empty(), world.look("step"));
    world
        .server()
        .execute("postgres", "ALTER DATABASE " + empty + " RENAME TO " + empty + "_again");
    // when
    assertThat(action.inspect(in, first, world.look("step"))).isInstanceOf(Observed.Partly.class);
    Sample.run(action, world, WITH.formatted(in.backup().get(), empty), Optional.of(first));
    // then
    assertThat(users(empty)).isEqualTo(users(database));
  }

  @Test
  void what_ran_to_its_end_is_never_taken_for_done_from_outside() throws Exception {
    // given
    var in = in(Sample.backup(world, "{}").file());
    var intent = action.intend(in, Optional.empty(), world.look("step"));
    action.run(in, intent, world.act("step"));
    // when, then
    assertThat(action.inspect(in, intent, world.look("step"))).isInstanceOf(Observed.Partly.class);
  }

  @Test
  void a_step_whose_time_is_over_fails_and_leaves_no_session() throws Exception {
    // given
    Sample.makeBig(world.server(), database);
    var in = in(Sample.backup(world, "{}").file());
    var intent = action.intend(in, Optional.empty(), world.look("step"));
    var act = world.act("step", Deadline.in(Duration.ofMillis(1)));
    // when, then
    assertThatThrownBy(() -> action.run(in, intent, act)).hasMessageContaining("time was over");
    assertThat(world.cluster().sessions(empty)).isEmpty();
  }

  @Test
  void an_ordinary_role_restores_an_extension_without_its_comment() throws Exception {
    // given
    var server = world.server();
    server.execute(
        "postgres", "DROP ROLE IF EXISTS plain_owner; CREATE ROLE plain_owner LOGIN CREATEDB");
    server.execute(database, "CREATE EXTENSION pg_trgm; COMMENT ON EXTENSION pg_trgm IS 'ours'");
    var backup = Sample.backup(world, "{}").file();
    server.execute("postgres", "ALTER DATABASE " + empty + " OWNER TO plain_owner");
    var in =
        world.input(
            action,
            "{backup: %s, database: %s, owner: false, privileges: false}".formatted(backup, empty));
    var connector =
        new Connector(
            "127.0.0.1", server.port(), "plain_owner", Optional.empty(), Optional.empty());
    try (var cluster = new PlainCluster(connector, () -> "pgrunbook/" + TestWorld.RUN + "/step")) {
      // when
      var act = as(connector, cluster);
      action.run(in, action.intend(in, Optional.empty(), act), act);
      // then
      assertThat(users(empty)).isEqualTo(users(database));
    }
  }

  private Act as(Connector connector, PlainCluster cluster) {
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
            new RunTag(Optional.of(TestWorld.RUN), new StepPath("step")),
            List.of(),
            Map.of(),
            Progress.NONE,
            _ -> {},
            Deadline.none());
  }

  @Test
  void a_second_attempt_leaves_alone_what_the_first_did_not_find_empty() throws Exception {
    // given a database of somebody else, named as if it were one of a run
    var backup = Sample.backup(world, "{}").file();
    var other = database + "_restore_staging";
    world.server().execute("postgres", "CREATE DATABASE " + other);
    world.server().execute(other, "CREATE TABLE kept ()");
    var in = world.input(action, WITH.formatted(backup, other));
    // when, then
    assertThatThrownBy(() -> action.intend(in, Optional.empty(), world.look("step")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("is not empty");
    var intent = action.intend(in(backup), Optional.empty(), world.look("step"));
    var earlier =
        new PostgresRestore.Intent(intent.backup(), intent.sha256(), other, intent.oid(), false);
    var second = action.intend(in, Optional.of(earlier), world.look("step"));
    assertThatThrownBy(() -> action.run(in, second, world.act("step")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("not the private one of this run");
    assertThat(world.cluster().<Long>read(other, Contents::objects)).isPositive();
  }

  @Test
  void a_crash_around_the_exchange_is_found_and_healed() throws Exception {
    // given a half-restored database that was closed to be replaced, and one replaced before
    var in = in(Sample.backup(world, "{}").file());
    var first = action.intend(in, Optional.empty(), world.look("step"));
    var run = world.look("step").run();
    world.server().execute(empty, "CREATE TABLE users (half int)");
    world.server().execute("postgres", Private.allowConnections(empty, false));
    world.server().execute("postgres", "CREATE DATABASE " + Private.replaced(database, run));
    world.server().execute("postgres", "CREATE DATABASE " + Private.again(database, run));
    // when
    assertThat(action.inspect(in, first, world.look("step"))).isInstanceOf(Observed.Partly.class);
    Sample.run(action, world, WITH.formatted(in.backup().get(), empty), Optional.of(first));
    // then
    assertThat(users(empty)).isEqualTo(users(database));
    assertThat(Private.ownDatabases(world.look("step")))
        .extracting(facts -> facts.name())
        .containsExactly(empty);
  }

  /** Owners, grants, default privileges and policies of roles that are gone when it returns. */
  private String backupOfOtherRoles(Format format) throws Exception {
    var role = database + "_\u00e4 role";
    var quoted = '"' + role + '"';
    world
        .server()
        .script(
            database,
            """
            CREATE ROLE {r};
            CREATE SCHEMA theirs AUTHORIZATION {r};
            CREATE TABLE theirs."has ""quotes\""" (owner text, "to" text);
            INSERT INTO theirs."has ""quotes\""" VALUES ('GRANT ALL ON x TO y;', '\\.');
            ALTER TABLE theirs."has ""quotes\""" OWNER TO {r};
            ALTER TABLE users OWNER TO {r};
            GRANT SELECT ON users TO {r};
            ALTER DEFAULT PRIVILEGES FOR ROLE {r} GRANT SELECT ON TABLES TO {r};
            CREATE POLICY "of theirs" ON users FOR SELECT TO {r} USING (id > 1);
            COMMENT ON POLICY "of theirs" ON users IS 'theirs; not ours';
            CREATE POLICY "of theirs x" ON users FOR SELECT USING (id > 3);
            CREATE POLICY of_all ON users FOR SELECT USING (id > 2);
            ALTER TABLE users ENABLE ROW LEVEL SECURITY;
            CREATE FUNCTION granting() RETURNS void LANGUAGE plpgsql AS $f$
            BEGIN
              EXECUTE 'x';
              GRANT SELECT ON users TO pg_monitor;
              ALTER TABLE users OWNER TO pg_monitor;
            END $f$;
            SELECT lo_create(4711);
            ALTER LARGE OBJECT 4711 OWNER TO {r};
            """
                .replace("{r}", quoted));
    var file =
        Sample.backup(world, "{format: " + format.name().toLowerCase(Locale.ROOT) + "}").file();
    world
        .server()
        .script(
            database,
            "REASSIGN OWNED BY {r} TO postgres; DROP OWNED BY {r}; DROP ROLE {r};"
                .replace("{r}", quoted));
    return file;
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void owners_and_privileges_of_roles_that_are_not_here_are_left_out(Format format)
      throws Exception {
    // given
    var backup = backupOfOtherRoles(format);
    // when
    var check = new PostgresCheckBackup();
    var checked =
        check.preview(
            world.input(check, "{backup: " + backup + ", owner: false, privileges: false}"),
            world.planning("check"));
    Sample.run(
        action,
        world,
        "{backup: %s, database: %s, owner: false, privileges: false}".formatted(backup, empty));
    // then
    assertThat(checked.problems()).isEmpty();
    assertThat(checked.warnings()).anyMatch(it -> it.contains("policy of theirs of public.users"));
    assertThat(
            column(
                "SELECT string_agg(polname::text, ',' ORDER BY polname::text COLLATE \"C\")"
                    + " FROM pg_policy"))
        .isEqualTo("of theirs x,of_all");
    assertThat(
            column("SELECT DISTINCT rolname FROM pg_class c JOIN pg_roles r ON r.oid = relowner"))
        .isEqualTo("postgres");
    assertThat(column("SELECT count(*) FROM pg_default_acl")).isEqualTo("0");
    assertThat(
            column(
                "SELECT prosrc LIKE '%GRANT SELECT%OWNER TO%' FROM pg_proc"
                    + " WHERE proname = 'granting'"))
        .isEqualTo("t");
    assertThat(column("SELECT owner || \"to\" FROM theirs.\"has \"\"quotes\"\"\""))
        .isEqualTo("GRANT ALL ON x TO y;\\.");
    var act = world.act("step");
    assertThat(Contents.fingerprint(empty, false, act))
        .isEqualTo(Contents.fingerprint(database, false, act));
    assertThat(world.log()).anyMatch(line -> line.startsWith("left out: policy of theirs"));
  }

  private static final String SPACES =
      """
      SELECT string_agg(relname || ':' || t.spcname, ',' ORDER BY relname)
        FROM pg_class c JOIN pg_tablespace t ON t.oid = reltablespace
       WHERE relname IN ('users', 'users_pkey')
      """;

  private Preview checked(String backup, String more) {
    var check = new PostgresCheckBackup();
    return check.preview(
        world.input(check, "{backup: " + backup + more + "}"), world.planning("check"));
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void a_tablespace_is_missed_before_anything_is_touched_and_can_be_left_out(Format format)
      throws Exception {
    // given
    var name = "fast; disks of " + format;
    var space = '"' + name + '"';
    world
        .server()
        .script(
            database,
            "SET allow_in_place_tablespaces = on; CREATE TABLESPACE %1$s LOCATION '';"
                    .formatted(space)
                + "ALTER TABLE users SET TABLESPACE %1$s; ALTER INDEX users_pkey SET TABLESPACE %1$s"
                    .formatted(space));
    var backup =
        Sample.backup(world, "{format: " + format.name().toLowerCase(Locale.ROOT) + "}").file();
    // when
    assertThat(checked(backup, "").problems()).isEmpty();
    Sample.run(action, world, WITH.formatted(backup, empty));
    var whole = column(SPACES);
    world
        .server()
        .script(
            "postgres",
            "DROP DATABASE \"%s\"; DROP DATABASE \"%s\"; DROP TABLESPACE %s"
                .formatted(empty, database, space));
    world.server().execute("postgres", "CREATE DATABASE \"" + database + "\"");
    world.server().execute("postgres", "CREATE DATABASE \"" + empty + "\"");
    var missed = checked(backup, "");
    var without = checked(backup, ", owner: false");
    Sample.run(
        action, world, "{backup: %s, database: %s, tablespaces: false}".formatted(backup, empty));
    // then
    assertThat(whole).isEqualTo("users:%1$s,users_pkey:%1$s".formatted(name));
    assertThat(missed.problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.what())
              .isEqualTo("the backup needs tablespaces that do not exist: " + name);
          assertThat(problem.hint().orElseThrow())
              .contains("CREATE TABLESPACE " + space, "tablespaces: false");
        });
    assertThat(without.problems()).isEmpty();
    assertThat(without.warnings()).anyMatch(it -> it.contains("tablespaces are left out: " + name));
    assertThat(users(empty)).startsWith("1000 ");
    assertThat(column(SPACES)).isNull();
  }

  private String column(String sql) {
    return world
        .cluster()
        .read(
            empty,
            connection -> {
              try (var statement = connection.createStatement();
                  var row = statement.executeQuery(sql)) {
                return row.next() ? row.getString(1) : "";
              }
            });
  }
}
