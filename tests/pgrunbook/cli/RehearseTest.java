package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static pgrunbook.testing.Docker.IMAGE;
import static pgrunbook.testing.Docker.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pgrunbook.compose.Docker;
import pgrunbook.process.Children;
import pgrunbook.rehearsal.ScratchCluster;
import pgrunbook.rehearsal.ScratchContainer;
import pgrunbook.testing.ChildMain;
import pgrunbook.testing.Cli;
import pgrunbook.testing.SampleBackups;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.WithDocker;

/** A rehearsal in a container, as a person sees it: of a Compose project that does not run. */
@WithDocker
class RehearseTest {
  private static TestStack stack;

  @TempDir private Path folder;

  @BeforeAll
  static void makeProject() {
    stack = TestStack.prod();
  }

  @AfterAll
  static void removeProject() {
    stack.close();
  }

  @Test
  void the_sample_application_is_restored_with_its_vectors() {
    // when
    var ended = stack.run("rehearse", "--container", "restore-prod").exits(0);
    // then
    assertThat(ended.out())
        .startsWith("scratch container: PostgreSQL 17")
        .contains(", image " + IMAGE + "\n")
        .contains("embeddings are vectors of pgvector")
        .contains("content equal to the backup's: 5 tables");
    assertThat(ended.err()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void a_backup_of_any_format_is_restored(Format format) throws Exception {
    // given, once with a tablespace that the scratch server lacks
    var backup = SampleBackups.shared().backup(format).toString();
    if (format == Format.PLAIN) {
      backup = inTablespace(Path.of(backup)).toString();
    }
    // when
    var ended = stack.run("rehearse", "restore-prod", "--container", "--backup", backup);
    // then
    ended.exits(0);
    assertThat(ended.out())
        .contains("made the backup's roles: shop_owner, shop_reader")
        .contains(format == Format.PLAIN ? "made the backup's tablespaces: fast disks\n" : "")
        .contains("content equal to the backup's: 3 tables");
  }

  private Path inTablespace(Path plain) throws IOException {
    var sql = Files.readString(plain);
    var moved = sql.replaceFirst("default_tablespace = ''", "default_tablespace = \"fast disks\"");
    assertThat(moved).isNotEqualTo(sql);
    return Files.writeString(folder.resolve("moved.sql"), moved);
  }

  @Test
  void a_machine_without_postgresql_takes_a_container() throws Exception {
    // given
    var cover = "mount -t tmpfs none /usr/lib/postgresql";
    assumeTrue(Files.isDirectory(Path.of("/usr/lib/postgresql")), "programs are elsewhere");
    assumeTrue(inMounts(cover + " && docker version").waitFor() == 0, "mounting is not allowed");
    var programs = List.of("java", "-cp", System.getProperty("java.class.path"));
    var words = new ArrayList<>(programs);
    words.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of(ChildMain.class.getName(), "rehearse", "restore-prod"));
    var out = Files.createTempFile("pgrunbook", ".out");
    // when
    var command = cover + " && exec \"$@\" >" + out + " 2>&1";
    var exit = inMounts(command, words.toArray(String[]::new)).waitFor();
    // then
    var said = Files.readString(out);
    Files.delete(out);
    assertThat(exit).as(said).isZero();
    assertThat(said)
        .contains("rehearsing in a container: there is no program 'initdb'")
        .contains("scratch container: PostgreSQL 17")
        .contains("rehearsal done");
  }

  /** With mounts that nobody else sees. */
  private static Process inMounts(String shell, String... words) throws IOException {
    var line = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", shell, "sh"));
    line.addAll(List.of(words));
    var builder = new ProcessBuilder(line).directory(stack.folder().toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(PG|POSTGRES_).*"));
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectInput(Path.of("/dev/null").toFile())
        .start();
  }

  @Test
  void ctrl_c_ends_it_and_leaves_nothing() {
    // given
    var child = rehearsing();
    var container = containerOf(child);
    assertThat(container).isNotEmpty();
    // when
    var ended = child.signal("INT").end();
    // then
    ended.exits(130);
    assertThat(containerOf(child)).isEmpty();
    assertThat(folder(container)).doesNotExist();
  }

  @Test
  void what_a_killed_rehearsal_leaves_is_removed_by_the_next() throws Exception {
    // given
    var child = rehearsing();
    var container = containerOf(child);
    child.kill();
    assertThat(containerOf(child)).isEqualTo(container).isNotEmpty();
    assertThat(folder(container)).exists();
    // when
    var children = new Children();
    var removed = ScratchContainer.removeStale(new Docker(children, Path.of("/")));
    ScratchCluster.removeStale(children, ScratchCluster.temporary());
    // then
    assertThat(removed).contains(container);
    assertThat(containerOf(child)).isEmpty();
    assertThat(folder(container)).doesNotExist();
  }

  private static Cli.Child rehearsing() {
    var child = stack.cli().start("rehearse", "restore-prod", "--container");
    return child.until("the container", () -> child.said().contains("sample application in"));
  }

  private static String containerOf(Cli.Child child) {
    var filter = "label=pgrunbook.maker.pid=" + child.process().pid();
    return docker("ps", "-a", "--filter", filter, "--format", "{{.Names}}").ok().strip();
  }

  private static Path folder(String container) {
    return ScratchCluster.temporary().resolve(container);
  }

  @Test
  void a_word_that_is_no_image_is_a_mistake_in_the_call() {
    var ended = stack.run("rehearse", "restore-prod", "--container=--privileged").exits(2);
    assertThat(ended.err())
        .contains("'--privileged' is no name of an image")
        .contains("hint: such as --container=postgres:17");
  }

  @Test
  void an_image_that_nobody_has_is_refused_by_name() {
    var image = "pgrunbook.invalid/nonesuch:17";
    var ended = stack.run("rehearse", "restore-prod", "--container=" + image).exits(3);
    assertThat(ended.err()).contains("Docker has no image " + image);
  }
}
