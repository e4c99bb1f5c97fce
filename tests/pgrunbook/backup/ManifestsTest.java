package pgrunbook.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.testing.Tries;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

class ManifestsTest {
  @TempDir private Path folder;

  private static Manifest manifest(Optional<Fingerprint> fingerprint) {
    return new Manifest(
        Manifest.CURRENT,
        Instant.parse("2026-01-02T03:04:05Z"),
        "pre-restore",
        Optional.of("prod"),
        Format.DIRECTORY,
        List.of(new BackupFile("toc.dat", 12, "00ff")),
        "15.18",
        "1.0",
        new SourceDatabase(
            "15.18",
            "7439",
            "app",
            16384,
            1L << 40,
            "UTF8",
            new TreeMap<>(Map.of("lc_collate", "C")),
            new TreeMap<>(Map.of("app", "LOGIN")),
            List.of("ALTER DATABASE app OWNER TO app"),
            new TreeMap<>(Map.of("citext", "1.6"))),
        fingerprint);
  }

  private static Fingerprint fingerprint() {
    return new Fingerprint(
        Optional.of("abc"),
        new TreeMap<>(Map.of(new TableName("s", "t"), new TableSum(3, "-17"))),
        new TreeMap<>(Map.of(new TableName("s", "q"), new SequenceState(Long.MAX_VALUE, true))),
        new TreeMap<>(Map.of("citext", "1.6")),
        LargeObjects.NONE,
        new TreeMap<>(Map.of(new TableName("s", "v"), 5L)));
  }

  private List<Problem> problemsOf(String json) throws IOException {
    var problems = new Problems();
    var file = Files.writeString(folder.resolve("m.json"), json);
    assertThat(Manifests.read(file, problems)).isEmpty();
    return problems.list();
  }

  @Test
  void what_is_written_is_read_again() throws IOException {
    for (var manifest : List.of(manifest(Optional.empty()), manifest(Optional.of(fingerprint())))) {
      // when
      var file = Manifests.write(folder.resolve("b.dir"), manifest);
      // then
      assertThat(file).isEqualTo(folder.resolve("b.dir.manifest.json"));
      assertThat(Manifests.read(file, new Problems())).contains(manifest);
    }
  }

  @Test
  void it_is_for_its_owner_only_and_leaves_nothing_else() throws IOException {
    Files.writeString(folder.resolve("b.manifest.json.part"), "left over");
    var file = Manifests.write(folder.resolve("b"), manifest(Optional.empty()));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(folder.toFile().list()).containsExactly("b.manifest.json");
  }

  @Test
  void no_manifest_is_no_problem() {
    var problems = new Problems();
    assertThat(Manifests.read(folder.resolve("none"), problems)).isEmpty();
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void a_damaged_manifest_is_a_problem_that_says_where() throws IOException {
    // given
    var good = Files.readString(Manifests.write(folder.resolve("b"), manifest(Optional.empty())));
    // then
    assertThat(problemsOf(good.replace("\"sha256\"", "\"sha\"")))
        .singleElement()
        .satisfies(p -> assertThat(p.what()).endsWith("'sha256' should be text"));
    assertThat(problemsOf(good.replace("directory", "tar")).getFirst().what())
        .endsWith("unknown format 'tar'");
    assertThat(problemsOf(good.replace("2026-01-02T", "yesterday")).getFirst().what())
        .endsWith("'created' should be a time");
    assertThat(problemsOf(good.replace("\"version\" : 1", "\"version\" : 2")).getFirst().what())
        .contains("version 2 is not known");
    assertThat(problemsOf(good + "{}")).hasSize(1);
    assertThat(problemsOf("")).hasSize(1);
    assertThat(problemsOf("[]")).hasSize(1);
  }

  @Test
  void a_manifest_that_is_cut_anywhere_is_a_problem() throws IOException {
    var good =
        Files.readString(Manifests.write(folder.resolve("b"), manifest(Optional.of(fingerprint()))))
            .strip();
    for (var length = 0; length < good.length(); length += 7) {
      assertThat(problemsOf(good.substring(0, length))).as("%d bytes", length).hasSize(1);
    }
  }

  @Test
  @Tag("hostile")
  void a_manifest_that_is_damaged_is_read_or_a_problem(TestReporter reporter) throws IOException {
    var good =
        Files.readAllBytes(
            Manifests.write(folder.resolve("b"), manifest(Optional.of(fingerprint()))));
    var file = folder.resolve("m.json");
    Tries.of(1500)
        .each(
            reporter,
            draw -> {
              var bytes = draw.damaged(good);
              Files.write(file, bytes);
              var problems = new Problems();
              var read = Manifests.read(file, problems);
              assertThat(read.isPresent()).isEqualTo(problems.isEmpty());
            });
  }
}
