package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.testing.Cli;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;

/** What lies in a backups folder, and one table taken out of it. */
class BackupsTest {
  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project = TestProject.in(folder);
  }

  @AfterEach
  void dropDatabases() {
    project.dropDatabases();
  }

  private Path made(String... more) throws IOException {
    project.runbook("backup-prod", Files.readString(Path.of("runbooks/backup-prod.yaml")));
    var words = new java.util.ArrayList<>(java.util.List.of("run", "backup-prod"));
    words.addAll(java.util.List.of(more));
    project.run(words.toArray(String[]::new)).exits(0);
    try (var all = Files.list(project.backups())) {
      return all.filter(it -> it.toString().endsWith("Z.sql.gz")).findFirst().orElseThrow();
    }
  }

  @Test
  void the_list_says_what_is_known_and_reading_finds_what_is_damaged() throws IOException {
    // given
    var made = made("--set", "format=gzip");
    project.with(Format.CUSTOM).with(Format.DIRECTORY);
    Files.writeString(project.backups().resolve("half.dump.part"), "PGDMP");
    Files.writeString(project.backups().resolve("notes.txt"), "hello");
    // when, with the server as good as down
    project.edited(".env", "POSTGRES_PORT=", "POSTGRES_PORT=1 #");
    var listed = project.run("backups", "--env", "prod").exits(0);
    var json = new ObjectMapper().readTree(project.run("backups", "--json").exits(0).out());
    // then
    assertThat(listed.out())
        .contains("backups, of prod: 3 backups")
        .contains(made.getFileName() + "\n")
        .contains("prod, gzip, ")
        .contains("verified when it was made, sizes unchanged")
        .contains("shop.dir")
        .contains("<- latest of prod")
        .contains("not verified: it has no manifest")
        .contains("unfinished: half.dump.part")
        .contains("no backup: notes.txt");
    var first = json.get(0).path("backups");
    assertThat(first).hasSize(3);
    assertThat(first.findValuesAsText("verified"))
        .containsExactlyInAnyOrder("when_made", "never", "never");
    // and when one byte is another
    var bytes = Files.readAllBytes(made);
    bytes[bytes.length / 2] ^= 1;
    Files.write(made, bytes);
    var read = project.run("backups", "--verify").exits(1);
    assertThat(read.out())
        .contains("DAMAGED: ")
        .contains("verified now (no manifest to compare it with)");
    // and when it is emptied, or gone
    Files.setLastModifiedTime(project.backup(Format.CUSTOM), FileTime.from(Instant.EPOCH));
    Files.setLastModifiedTime(project.backup(Format.DIRECTORY), FileTime.from(Instant.EPOCH));
    Files.writeString(made, "");
    assertThat(project.run("backups", "--verify").exits(1).out())
        .contains(made.getFileName() + "  <- latest of prod", "DAMAGED: an empty file");
    Files.delete(made);
    assertThat(project.run("backups").exits(1).out())
        .contains("DAMAGED: it is not there, and its manifest is");
    // then nobody restores an older one unasked
    project.edited(".env", "POSTGRES_PORT=1 #", "POSTGRES_PORT=");
    assertThat(project.run("run", "restore-prod", "--dry-run").exits(3).said())
        .contains("the latest backup is ", "it is not there", "name another, such as shop.d");
  }

  @Test
  void a_backup_step_may_be_followed_by_the_removal_of_old_ones() throws IOException {
    // given
    var first = made("--set", "format=gzip");
    // when
    project.run("run", "backup-prod", "--set", "keep=1", "--confirm", project.database()).exits(0);
    // then
    assertThat(first).doesNotExist();
  }

  @Test
  void a_table_is_taken_out_as_rows_or_as_sql_and_never_over_a_file() throws IOException {
    // given
    project.with(Format.CUSTOM);
    var csv = folder.resolve("users.csv");
    var sql = folder.resolve("users.sql");
    var before = project.state();
    // when
    var name = Format.CUSTOM.file();
    project.run("backups", "open", name, "--table", "users", "--to", csv.toString()).exits(0);
    project
        .run("backups", "open", name, "--table", "public.users", "--to", sql.toString())
        .exits(0);
    // then
    assertThat(Files.readString(csv))
        .startsWith("id,email,note,raw,doc,born\n1,user1@example.org,");
    assertThat(Files.readString(sql))
        .contains("CREATE TABLE public.users", "COPY public.users", "dump complete")
        .doesNotContain("OWNER TO", "GRANT");
    assertThat(project.state()).isEqualTo(before);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(csv)))
        .isEqualTo("rw-------");
    // and a file that somebody else calls so stays
    var theirs = Files.writeString(folder.resolve("y.csv.part"), "theirs");
    var over = folder.resolve("y.csv").toString();
    assertThat(
            project.run("backups", "open", name, "--table", "users", "--to", over).exits(2).err())
        .contains("y.csv.part already", "hint: ");
    assertThat(theirs).hasContent("theirs");
    // and what is wrong is said before anything is started
    assertThat(
            project
                .run("backups", "open", name, "--table", "users", "--to", csv.toString())
                .exits(2)
                .err())
        .contains("there is a file");
    assertThat(project.run("backups", "open", name).exits(2).err())
        .contains("psql needs a terminal");
    assertThat(
            project
                .run("backups", "open", "shop.dmp", "--table", "x", "--to", "x.csv")
                .exits(2)
                .err())
        .contains("there is no backup 'shop.dmp'", "did you mean 'shop.dump'?");
    // and a project named in front of the command is where it is looked for
    assertThat(
            new Cli(Path.of("/"))
                .run(
                    "-C",
                    folder.toString(),
                    "backups",
                    "open",
                    "shop.dmp",
                    "--table",
                    "x",
                    "--to",
                    folder.resolve("x.csv").toString())
                .exits(2)
                .err())
        .contains("did you mean 'shop.dump'?");
  }

  @Test
  void a_damaged_backup_and_a_table_that_is_not_there_leave_nothing() throws IOException {
    // given
    project.with(Format.CUSTOM).with(Format.PLAIN);
    var file = project.backup(Format.PLAIN);
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "-- PostgreSQL database dump\n",
                "-- PostgreSQL database dump\n\\! touch hacked\n"));
    var csv = folder.resolve("x.csv");
    // when, then
    assertThat(
            project
                .run("backups", "open", file.toString(), "--table", "users", "--to", csv.toString())
                .exits(3)
                .err())
        .contains("a psql command is hidden in the dump");
    assertThat(
            project
                .run("backups", "open", "shop.dump", "--table", "usres", "--to", csv.toString())
                .exits(2)
                .err())
        .contains("the backup has no table 'usres'", "did you mean 'users'?");
    assertThat(csv).doesNotExist();
    assertThat(folder.resolve("hacked")).doesNotExist();
  }
}
