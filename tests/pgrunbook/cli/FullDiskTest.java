package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pgrunbook.backup.Verdict;
import pgrunbook.testing.Cli;
import pgrunbook.testing.Databases;
import pgrunbook.testing.Folders;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.SmallDisk;
import pgrunbook.testing.TestProject;

/** Disks that are really full or read-only, in place of the folders that a run writes to. */
@Tag("fault")
class FullDiskTest {
  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() throws IOException {
    project = TestProject.in(folder);
    project.runbook("backup-prod", Files.readString(Path.of("runbooks/backup-prod.yaml")));
  }

  @AfterEach
  void dropDatabases() {
    project.dropDatabases();
  }

  private Connection lockingOrders() throws SQLException {
    var locking = PostgresServer.shared().connect(project.database());
    locking.setAutoCommit(false);
    try (var statement = locking.createStatement()) {
      statement.execute("LOCK TABLE orders");
    }
    return locking;
  }

  private void untilWaiting(Cli.Child child, String step) {
    child.until(
        "the backup's wait",
        () ->
            project.has("started", step)
                && Databases.column(
                        "postgres",
                        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                            + " AND datname = '"
                            + project.database()
                            + "'")
                    .equals(List.of("1")));
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void a_dump_that_finds_the_disk_full_leaves_no_backup_and_is_resumed(Format format)
      throws SQLException {
    try (var disk = SmallDisk.at(project.backups(), "16m")) {
      // given
      project.with(Format.CUSTOM).with(Format.PLAIN);
      Cli.Child child;
      try (var _ = lockingOrders()) {
        var wanted = "format=" + format.name().toLowerCase(Locale.ROOT);
        child = project.cli().start("run", "backup-prod", "--set", wanted);
        untilWaiting(child, "backup");
        disk.fill(4);
      }
      var before = Folders.content(project.backups(), "shop_");
      // when
      var failed = child.end().exits(1);
      // then
      assertThat(failed.said())
          .contains("No space left on device", project.backups() + " has 16.0 kB free", "hint:")
          .contains("make room there");
      assertThat(Folders.content(project.backups())).isEqualTo(before);
      // and when
      disk.empty();
      project.run("resume").exits(0);
      // then
      assertThat(project.run("backups").exits(0).out()).contains(project.database() + "-prod-");
    }
  }

  @Test
  void a_full_disk_is_refused_in_the_plan_and_later_stops_the_run_before_anything_is_replaced()
      throws SQLException {
    try (var disk = SmallDisk.at(project.backups(), "16m")) {
      // given
      project.with(Format.CUSTOM);
      var before = project.state();
      disk.fill(4);
      // when
      var refused = project.restore().end().exits(3);
      // then
      assertThat(refused.said()).contains("has 16.0 kB free", "free some space");
      assertThat(project.services().calls()).isEmpty();
      assertThat(project.runIds()).isEmpty();
      // given
      disk.empty();
      Cli.Child child;
      try (var _ = lockingOrders()) {
        child = project.restore();
        untilWaiting(child, "safety-backup");
        disk.fill(4);
      }
      // when
      var failed = child.end().exits(1);
      // then
      assertThat(failed.said()).contains("make room there", "owed: maintenance");
      assertThat(project.state().databases()).isEqualTo(before.databases());
      assertThat(project.state().fingerprint()).isEqualTo(before.fingerprint());
      // and when
      disk.empty();
      project.run("resume").exits(0);
      // then
      assertThat(project.verdict()).isInstanceOf(Verdict.Same.class);
      assertThat(project.inMaintenance()).isFalse();
    }
  }

  @Test
  void a_run_whose_folder_does_not_fit_on_the_disk_does_not_begin() throws IOException {
    try (var disk = SmallDisk.at(folder.resolve(".pgrunbook"), "256k")) {
      // given
      var before = project.state();
      for (var pages : List.of(0, 2, 3)) {
        disk.fill(pages);
        // when
        var ended = project.run("run", "backup-prod").exits(3);
        // then
        assertThat(ended.err()).contains(".pgrunbook", "No space left on device", "full");
        disk.empty();
        assertThat(Folders.files(disk.folder())).as(pages + ": " + ended.err()).hasSizeLessThan(2);
      }
      assertThat(project.state()).isEqualTo(before);
      assertThat(project.backups()).isEmptyDirectory();
      project.run("run", "backup-prod").exits(0);
      assertThat(disk.folder().resolve(".gitignore")).hasContent("*");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "CUSTOM"})
  void a_restore_that_fills_the_server_s_disk_leaves_the_old_database_and_is_resumed(Format format)
      throws Exception {
    var place = folder.resolve("space");
    try (var disk = SmallDisk.at(place, "24m")) {
      // given: what was dropped since the backup does not fit any more
      var big = project.backups().resolve("big" + (format == Format.PLAIN ? ".sql" : ".dump"));
      Databases.execute(
          project.database(),
          "CREATE TABLE big AS SELECT i, repeat('x', 1000) AS t FROM generate_series(1, 15000) i");
      PostgresServer.shared()
          .run(
              "pg_dump",
              format == Format.PLAIN ? "-Fp" : "-Fc",
              "-f",
              big.toString(),
              project.database())
          .ok();
      Databases.execute(project.database(), "DROP TABLE big");
      var space = "space_of_" + project.database();
      new ProcessBuilder("sh", "-c", "chown postgres " + place + " && chmod a+rx " + folder)
          .inheritIO()
          .start()
          .waitFor();
      Databases.execute("postgres", "CREATE TABLESPACE " + space + " LOCATION '" + place + "'");
      try {
        Databases.execute(
            "postgres", "ALTER DATABASE " + project.database() + " SET TABLESPACE " + space);
        var before = Databases.of(project.database()).get(project.database());
        var content = Databases.fingerprint(project.database());
        // when
        disk.size("12m");
        var tight = project.run("plan", "restore-prod", "--set", "backup=" + big.getFileName());
        disk.size("24m");
        // then
        assertThat(tight.exits(0).out())
            .contains("the restored database needs about", "not both databases have room");
        // and when
        var failed = project.restore("--backup", "backups/" + big.getFileName()).end().exits(1);
        // then
        assertThat(failed.said())
            .contains("FAILED restore", "No space left on device", "the server's disk");
        var old = Databases.of(project.database());
        assertThat(old.firstEntry().getValue().oid()).isEqualTo(before.oid());
        // and when
        disk.size("64m");
        project.run("resume").exits(0);
        // then
        assertThat(Databases.column(project.database(), "SELECT count(*) FROM big"))
            .containsExactly("15000");
        var kept = Databases.of(project.database()).lastEntry();
        assertThat(kept.getValue().oid()).isEqualTo(before.oid());
        Databases.execute("postgres", "ALTER DATABASE " + kept.getKey() + " ALLOW_CONNECTIONS on");
        assertThat(Databases.fingerprint(kept.getKey())).isEqualTo(content);
      } finally {
        project.dropDatabases();
        Databases.execute("postgres", "DROP TABLESPACE " + space);
      }
    }
  }

  @Test
  void folders_that_nobody_may_write_to_are_refused_in_the_plan() throws IOException {
    // given
    project.with(Format.CUSTOM);
    project.edited("runbooks/environments/prod.yaml", "maintenance.flag", "flags/maintenance.flag");
    Files.createDirectories(folder.resolve("flags"));
    Files.createDirectories(folder.resolve(".pgrunbook"));
    var before = project.state();
    try (var _ = SmallDisk.readOnly(project.backups());
        var _ = SmallDisk.readOnly(folder.resolve("flags"))) {
      // when
      var refused = project.restore().end().exits(3);
      // then
      assertThat(refused.said())
          .contains(
              project.backups() + " can't be written",
              "flags/maintenance.flag can't be written",
              "check owner and permissions");
    }
    try (var _ = SmallDisk.readOnly(folder.resolve(".pgrunbook"))) {
      assertThat(project.restore().end().exits(3).err())
          .contains("cannot make the run's folder", "Read-only file system", "hint:");
    }
    assertThat(project.state()).isEqualTo(before);
    assertThat(project.services().calls()).isEmpty();
  }
}
