package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.testing.Cli;
import pgrunbook.testing.Databases;
import pgrunbook.testing.Folders;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.SampleBackups;
import pgrunbook.testing.SampleBackups.Format;
import pgrunbook.testing.TestProject;

/** No damaged or foreign backup gets as far as the first step that changes anything. */
class DamagedInputTest {
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

  /** What can be wrong with a backup. */
  enum Damage {
    CUT_IN_COPY,
    CUT_AT_A_STATEMENT,
    HALF_GZIP,
    EMPTY_SQL,
    EMPTY_IN_GZIP,
    EMPTY_GZIP,
    HALF_ARCHIVE,
    FLIPPED_BIT,
    MISSING_MEMBER,
    EMPTY_MEMBER,
    MADE_WITH_CREATE,
    HIDDEN_COMMAND,
    TEXT,
    LINK_TO_ELSEWHERE,
    NOT_THERE
  }

  @ParameterizedTest
  @Tag("hostile")
  @EnumSource(Damage.class)
  void a_bad_backup_is_refused_before_anything_is_changed(Damage damage, @TempDir Path elsewhere)
      throws Exception {
    // given
    var file = bad(damage, elsewhere);
    var databases = Databases.all();
    var files = Folders.content(folder);
    // when
    var ended = restore(file);
    // then
    assertThat(ended.exit()).as(ended.said()).isIn(2, 3);
    assertThat(ended.said()).contains("hint:").doesNotContain("an error of pgrunbook itself");
    assertThat(Databases.all()).isEqualTo(databases);
    assertThat(Folders.content(folder, ".pgrunbook")).isEqualTo(files);
    assertThat(project.services().calls()).isEmpty();
  }

  private Cli.Ended restore(Path file) {
    var shown = project.folder().relativize(file).toString();
    return project.restore("--backup", shown).end();
  }

  private Path bad(Damage damage, Path elsewhere) throws Exception {
    return switch (damage) {
      case CUT_IN_COPY -> plain(text -> text.substring(0, text.indexOf("user200@")));
      case CUT_AT_A_STATEMENT ->
          plain(text -> text.substring(0, text.indexOf("\nALTER TABLE ONLY") + 1));
      case HALF_GZIP -> cut(good(Format.GZIP), 0.5);
      case EMPTY_SQL -> project.write("backups/empty.sql", "");
      case EMPTY_IN_GZIP -> Files.write(project.backups().resolve("empty.sql.gz"), gzip(""));
      case EMPTY_GZIP -> project.write("backups/empty.sql.gz", "");
      case HALF_ARCHIVE -> cut(good(Format.CUSTOM), 0.5);
      case FLIPPED_BIT -> flipped(good(Format.CUSTOM));
      case MISSING_MEMBER -> {
        Files.delete(data(good(Format.DIRECTORY)));
        yield project.backup(Format.DIRECTORY);
      }
      case EMPTY_MEMBER -> {
        Files.write(data(good(Format.DIRECTORY)), new byte[0]);
        yield project.backup(Format.DIRECTORY);
      }
      case MADE_WITH_CREATE -> dump("-C", "--clean");
      case HIDDEN_COMMAND ->
          plain(text ->
              text.replaceFirst("\nCREATE TABLE", "\nselect 1 \\\\! touch pwned\n;\nCREATE TABLE"));
      case TEXT -> project.write("backups/notes.sql", "remember to make backups\n");
      case LINK_TO_ELSEWHERE -> {
        var real =
            Folders.copy(SampleBackups.shared().backup(Format.CUSTOM), elsewhere.resolve("x"));
        yield Files.createSymbolicLink(project.backups().resolve("link.dump"), real);
      }
      case NOT_THERE -> project.backups().resolve("shop.dmp");
    };
  }

  private Path good(Format format) {
    return project.with(format).backup(format);
  }

  private Path plain(java.util.function.UnaryOperator<String> change) throws IOException {
    var file = good(Format.PLAIN);
    var text = Files.readString(file);
    var changed = change.apply(text);
    assertThat(changed).isNotEqualTo(text);
    return Files.writeString(file, changed);
  }

  private static Path cut(Path file, double part) throws IOException {
    var bytes = Files.readAllBytes(file);
    return Files.write(file, Arrays.copyOf(bytes, (int) (bytes.length * part)));
  }

  private static Path flipped(Path file) throws IOException {
    var bytes = Files.readAllBytes(file);
    bytes[bytes.length * 3 / 4] ^= 4;
    return Files.write(file, bytes);
  }

  private static byte[] gzip(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static Path data(Path archive) throws IOException {
    try (var files = Files.list(archive)) {
      return files
          .filter(file -> file.getFileName().toString().matches("\\d+\\.dat\\.gz"))
          .max(Comparator.comparingLong(DamagedInputTest::size))
          .orElseThrow();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path dump(String... options) throws IOException, InterruptedException {
    var file = project.backups().resolve("other.sql");
    var line = new java.util.ArrayList<>(java.util.List.of(options));
    line.addAll(java.util.List.of("-f", file.toString(), SampleBackups.shared().database()));
    PostgresServer.shared().run("pg_dump", line.toArray(String[]::new)).ok();
    return file;
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void a_good_backup_with_large_objects_backslashes_and_strange_functions_is_planned(
      Format format) {
    // given
    var file = good(format);
    // when
    var ended = project.run("plan", "restore-prod", "--backup", folder.relativize(file).toString());
    // then
    ended.exits(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--inserts", "--column-inserts"})
  void a_dump_without_copy_is_restored_and_its_content_not_called_verified(String option)
      throws Exception {
    // given
    var file = dump(option);
    // when
    var ended = restore(file);
    // then
    ended.exits(0);
    assertThat(ended.out()).contains("CONTENT NOT VERIFIED");
    assertThat(Databases.fingerprint(project.database()))
        .isEqualTo(SampleBackups.shared().fingerprint());
  }

  @Test
  void without_any_backup_the_latest_is_nothing() {
    // when
    var ended = project.restore().end();
    // then
    assertThat(ended.exit()).as(ended.said()).isIn(2, 3);
    assertThat(ended.said()).contains("backups", "hint:");
    assertThat(project.services().calls()).isEmpty();
  }
}
