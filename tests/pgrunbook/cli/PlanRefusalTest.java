package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pgrunbook.testing.Databases;
import pgrunbook.testing.Folders;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.SampleBackups;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;

/** Where the server, or a backup on that server, would fail a run, the plan says so before. */
@Tag("fault")
class PlanRefusalTest {
  @TempDir Path folder;
  private TestProject project;
  private final List<AutoCloseable> mends = new ArrayList<>();

  @BeforeEach
  void makeProject() {
    project = TestProject.in(folder);
  }

  @AfterEach
  void dropDatabases() throws Exception {
    for (var mend : mends.reversed()) {
      mend.close();
    }
    project.dropDatabases();
  }

  /** What is wrong, what is said, and what to try. */
  enum Fault {
    PREPARED_TRANSACTION("is used by the prepared transaction 'two", "ROLLBACK PREPARED", true),
    SLOT_IN_USE("which is in use", "stop its consumer", true),
    SLOT_LOST("which would be dropped silently", "pg_drop_replication_slot", false),
    SUBSCRIPTION("is used by the subscription 'sub'", "DROP SUBSCRIPTION it first", false),
    CRASHED_DROP("what an interrupted DROP DATABASE has left", "DROP DATABASE it", true),
    ROLE("needs roles that do not exist: nobody_here", "CREATE ROLE \"nobody_here\"", true),
    EXTENSION("does not have the extension 'vector'", "pgvector", true),
    DATA_ONLY("holds rows and creates no table", "--data-only", true),
    NAME_OF_64_BYTES("has 64 bytes", "PostgreSQL cuts names after 63", true);

    private final String what;
    private final String hint;
    private final boolean keepOld;

    Fault(String what, String hint, boolean keepOld) {
      this.what = what;
      this.hint = hint;
      this.keepOld = keepOld;
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void it_is_refused_before_anything_is_changed(Fault fault) throws Exception {
    // given
    project.with(Format.PLAIN);
    make(fault);
    var databases = Databases.all();
    var files = Folders.content(folder);
    // when
    var ended = project.restore("--set", "keep_old=" + fault.keepOld).end();
    // then
    assertThat(ended.exit()).as(ended.said()).isIn(2, 3);
    assertThat(ended.said())
        .contains(fault.what, fault.hint)
        .doesNotContain("an error of pgrunbook itself");
    assertThat(Databases.all()).isEqualTo(databases);
    assertThat(Folders.content(folder, ".pgrunbook")).isEqualTo(files);
    assertThat(project.services().calls()).isEmpty();
  }

  private void make(Fault fault) throws Exception {
    var name = project.database();
    switch (fault) {
      case PREPARED_TRANSACTION -> prepare("two " + name);
      case SLOT_IN_USE -> {
        slot(name);
        consume(name);
      }
      case SLOT_LOST -> slot(name);
      case SUBSCRIPTION -> subscribe();
      case CRASHED_DROP ->
          Databases.execute(
              "postgres",
              "UPDATE pg_database SET datconnlimit = -2 WHERE datname = '" + name + "'");
      case ROLE -> edited("OWNER TO shop_owner", "OWNER TO nobody_here");
      case EXTENSION ->
          edited("\nCREATE TABLE", "\nCREATE EXTENSION vector WITH SCHEMA public;\n\nCREATE TABLE");
      case DATA_ONLY -> {
        var file = project.backup(Format.PLAIN).toString();
        PostgresServer.shared()
            .run("pg_dump", "-a", "-f", file, SampleBackups.shared().database())
            .ok();
      }
      case NAME_OF_64_BYTES -> project.edited(".env", "=" + name, "=" + "x".repeat(64));
    }
  }

  private void prepare(String gid) {
    var name = project.database();
    Databases.execute(
        name, "BEGIN; CREATE TABLE two_phase (id int); PREPARE TRANSACTION '" + gid + "'");
    mends.add(() -> Databases.execute(name, "ROLLBACK PREPARED '" + gid + "'"));
  }

  private void slot(String slot) {
    Databases.execute(
        project.database(),
        "SELECT pg_create_logical_replication_slot('" + slot + "', 'test_decoding')");
    mends.add(() ->
        Databases.execute("postgres", "SELECT pg_drop_replication_slot('%s')".formatted(slot)));
  }

  private void consume(String slot) throws IOException, InterruptedException {
    var consumer =
        PostgresServer.shared()
            .command("pg_recvlogical", "--start", "-S", slot, "-d", project.database(), "-f", "-")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    mends.add(() -> {
      consumer.destroy();
      consumer.waitFor();
      await(slot, "f");
    });
    await(slot, "t");
  }

  private static void await(String slot, String active) throws InterruptedException {
    var sql = "SELECT active FROM pg_replication_slots WHERE slot_name = '" + slot + "'";
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Databases.column("postgres", sql).equals(List.of(active))) {
      assertThat(System.nanoTime()).as("the slot's consumer").isLessThan(end);
      Thread.sleep(20);
    }
  }

  private void subscribe() {
    var name = project.database();
    Databases.execute(
        name, "CREATE SUBSCRIPTION sub CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false)");
    mends.add(() ->
        Databases.execute(
            name, "ALTER SUBSCRIPTION sub SET (slot_name = NONE); DROP SUBSCRIPTION sub"));
  }

  private void edited(String from, String to) throws IOException {
    var file = project.backup(Format.PLAIN);
    var text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }
}
