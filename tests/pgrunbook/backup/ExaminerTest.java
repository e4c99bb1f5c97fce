package pgrunbook.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static pgrunbook.backup.Dumps.SERVER;
import static pgrunbook.backup.Dumps.cut;
import static pgrunbook.backup.Dumps.data;
import static pgrunbook.backup.Dumps.dump;
import static pgrunbook.backup.Dumps.examine;
import static pgrunbook.backup.Dumps.gzip;
import static pgrunbook.backup.Dumps.rows;
import static pgrunbook.backup.Dumps.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.backup.Examination.CreatedFrom;

class ExaminerTest {
  private static String rich = "";
  private static String simple = "";

  @TempDir private Path folder;

  @BeforeAll
  static void databases() throws Exception {
    rich = Dumps.database(Dumps.RICH);
    simple = rows(20_000);
  }

  private Path made(Format format, String database, String... more) throws Exception {
    var options = new ArrayList<>(List.of(more));
    switch (format) {
      case PLAIN, GZIP -> options.add("-Fp");
      case CUSTOM -> options.add("-Fc");
      case DIRECTORY -> options.add("-Fd");
    }
    var file = folder.resolve("b" + format.extension());
    dump(file, database, options.toArray(String[]::new));
    return format == Format.GZIP ? gzip(file, Files.readAllBytes(file)) : file;
  }

  private static void refused(Path backup, String what) {
    assertThat(examine(backup).problems())
        .isNotEmpty()
        .anySatisfy(problem -> assertThat(problem.toString()).contains(what))
        .allSatisfy(problem -> assertThat(problem.hint()).isPresent());
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void a_good_backup_of_everything_awkward_passes_in_every_format(Format format) throws Exception {
    // given
    var file = made(format, rich);
    // when
    var examination = examine(file);
    // then
    assertThat(examination.problems()).isEmpty();
    assertThat(examination.format()).contains(format);
    assertThat(examination.size()).isPositive();
    var contents = examination.contents();
    assertThat(contents.complete()).isTrue();
    assertThat(contents.serverVersion()).hasValueSatisfying(v -> assertThat(v).matches("1\\d.*"));
    assertThat(contents.extensions()).containsExactly("citext");
    assertThat(contents.roles()).containsExactly("postgres");
    assertThat(contents.largeObjects()).isEqualTo(3);
    assertThat(contents.ownTransactions()).isTrue();
    assertThat(contents.rows()).isEqualTo(500 + 5 + 61 + 2 + 1 + 2 + 1);
    assertThat(contents.materialisedViews()).hasSize(2);
    assertThat(contents.tables())
        .extracting(CopiedTable::table)
        .contains(
            new TableName("Odd \"schema\"; \\!", "Täble {x} $$ -- /* '"),
            new TableName("public", "zero"),
            new TableName("public", "measured_24"));
    assertThat(Examiner.digest(file)).isEqualTo(examination.digest());
  }

  @Test
  void all_formats_of_one_database_hold_the_same_lines() throws Exception {
    var contents = examine(made(Format.PLAIN, rich)).contents().tables();
    for (var format : List.of(Format.GZIP, Format.CUSTOM, Format.DIRECTORY)) {
      assertThat(examine(made(format, rich)).contents().tables())
          .containsExactlyInAnyOrderElementsOf(contents);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--inserts", "--column-inserts", "--rows-per-insert=7"})
  void a_dump_of_INSERT_statements_is_counted(String option) throws Exception {
    // when
    var contents = examine(made(Format.PLAIN, rich, option)).contents();
    // then
    assertThat(contents.problems()).isEmpty();
    assertThat(contents.tables()).isEmpty();
    assertThat(contents.inserted())
        .containsEntry(new TableName("public", "users"), 500L)
        .containsEntry(new TableName("public", "zero"), 2L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--inserts -Z0", "--inserts", "-Z0", "-s", "-a", "-j2"})
  void a_directory_made_with_other_options_passes(String options) throws Exception {
    assertThat(examine(made(Format.DIRECTORY, rich, options.split(" "))).problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-s", "-a", "--clean", "-O -x", "--use-set-session-authorization"})
  void a_plain_dump_made_with_other_options_passes(String options) throws Exception {
    assertThat(examine(made(Format.PLAIN, rich, options.split(" "))).problems()).isEmpty();
  }

  @Test
  @Tag("hostile")
  void row_2_a_plain_dump_cut_inside_COPY_is_refused() throws Exception {
    var file = made(Format.PLAIN, simple);
    cut(file, text(file).indexOf("row number 639") + 3);
    refused(file, "the file ends inside the data of public.t");
    refused(file, "the end marker");
  }

  @Test
  @Tag("hostile")
  void row_3_a_plain_dump_cut_between_statements_is_refused() throws Exception {
    var file = made(Format.PLAIN, simple);
    cut(file, text(file).indexOf("\\.\n") + 3);
    refused(file, "the end marker");
  }

  @Test
  @Tag("hostile")
  void row_3_an_empty_file_and_an_empty_gzip_are_refused() throws Exception {
    refused(Files.createFile(folder.resolve("empty.sql")), "an empty file");
    refused(Files.createFile(folder.resolve("empty.sql.gz")), "an empty file");
    refused(gzip(folder.resolve("nothing.sql.gz"), new byte[0]), "gzip around nothing");
  }

  @ParameterizedTest
  @Tag("hostile")
  @ValueSource(ints = {1, 4, 8, 9, 5000})
  void row_4_a_gzip_that_is_cut_anywhere_is_refused(int missing) throws Exception {
    var file = made(Format.GZIP, simple);
    cut(file, Files.size(file) - missing);
    refused(file, "its gzip is damaged: it is cut off");
  }

  @Test
  @Tag("hostile")
  void a_gzip_with_a_wrong_checksum_or_garbage_behind_it_is_refused() throws Exception {
    var file = made(Format.GZIP, simple);
    flip(file, Files.size(file) - 8);
    refused(file, "its checksum (CRC) is wrong");
    flip(file, Files.size(file) - 8);
    assertThat(examine(file).problems()).isEmpty();
    Files.writeString(file, "\0", StandardOpenOption.APPEND);
    refused(file, "garbage behind its end");
  }

  @Test
  void a_gzip_of_several_members_is_read_to_its_end() throws Exception {
    // given
    var plain = Files.readAllBytes(made(Format.PLAIN, simple));
    var half = plain.length / 2;
    var file = gzip(folder.resolve("two.gz"), Arrays.copyOfRange(plain, 0, half));
    var rest = gzip(folder.resolve("rest"), Arrays.copyOfRange(plain, half, plain.length));
    // when
    Files.write(file, Files.readAllBytes(rest), StandardOpenOption.APPEND);
    // then
    assertThat(examine(file).problems()).isEmpty();
    assertThat(examine(file).contents().rows()).isEqualTo(20_000);
  }

  @Test
  @Tag("hostile")
  void row_5_what_pg_dump_leaves_when_there_is_no_such_database_is_refused() throws Exception {
    // given
    var file = folder.resolve("nosuch.dump");
    // when
    var exit = SERVER.run("pg_dump", "-Fc", "-f", file.toString(), "nosuchdb").exit();
    // then
    assertThat(exit).isNotZero();
    refused(file, Files.exists(file) ? "an empty file" : "no such file");
  }

  @Test
  @Tag("hostile")
  void row_6_a_directory_with_a_cut_data_file_is_refused_even_without_a_manifest()
      throws Exception {
    var backup = made(Format.DIRECTORY, simple, "-Z0");
    var data = data(backup);
    cut(data, text(data).indexOf("\n10000\t") + 1);
    assertThat(SERVER.run("pg_restore", "-l", backup.toString()).exit()).isZero();
    refused(backup, "does not end with the end marker '\\.'");
  }

  @Test
  @Tag("hostile")
  void row_7_a_directory_with_an_empty_data_file_is_refused() throws Exception {
    var backup = made(Format.DIRECTORY, simple);
    cut(data(backup), 0);
    refused(backup, "it is empty");
  }

  @Test
  @Tag("hostile")
  void row_8_a_flipped_bit_in_an_uncompressed_archive_is_refused_by_its_manifest()
      throws Exception {
    // given
    var file = made(Format.CUSTOM, simple, "-Z0");
    manifest(file, Format.CUSTOM);
    assertThat(examine(file).problems()).isEmpty();
    // when
    var bytes = Files.readAllBytes(file);
    var at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("number 777");
    flip(file, at + 8);
    // then
    assertThat(SERVER.run("pg_restore", "-f", "/dev/null", file.toString()).exit()).isZero();
    refused(file, "SHA-256 differs");
  }

  @Test
  @Tag("hostile")
  void row_9_an_archive_that_is_cut_in_half_is_refused_although_it_can_be_listed()
      throws Exception {
    var file = made(Format.CUSTOM, simple);
    cut(file, Files.size(file) / 2);
    assertThat(SERVER.run("pg_restore", "-l", file.toString()).exit()).isZero();
    refused(file, "pg_restore can't read the whole archive");
  }

  @Test
  @Tag("hostile")
  void row_9_a_directory_without_one_of_its_data_files_is_refused() throws Exception {
    var backup = made(Format.DIRECTORY, simple);
    Files.delete(data(backup));
    assertThat(SERVER.run("pg_restore", "-l", backup.toString()).exit()).isZero();
    refused(backup, "the data file of public t postgres is missing");
  }

  @Test
  @Tag("hostile")
  void row_12_a_dump_that_drops_and_creates_its_database_is_refused() throws Exception {
    var file = made(Format.PLAIN, simple, "-C", "--clean");
    refused(file, "DROP DATABASE");
    refused(file, "CREATE DATABASE");
    refused(file, "\\connect");
  }

  @Test
  @Tag("hostile")
  void a_psql_command_hidden_in_the_unrestrict_line_is_refused() throws Exception {
    var file = made(Format.PLAIN, simple);
    var key = text(file).replaceAll("(?s).*\\\\unrestrict (\\w+).*", "$1");
    Files.writeString(
        file, text(file).replace("\\unrestrict " + key, "\\unrestrict `touch pwned`"));
    refused(file, "\\unrestrict");
  }

  @Test
  @Tag("hostile")
  void a_damaged_compressed_archive_is_refused() throws Exception {
    for (var format : List.of(Format.CUSTOM, Format.DIRECTORY)) {
      var backup = made(format, simple);
      var file = format == Format.CUSTOM ? backup : data(backup);
      flip(file, Files.size(file) / 2);
      assertThat(examine(backup).problems()).as(format.shown()).isNotEmpty();
    }
  }

  @Test
  @Tag("hostile")
  void a_directory_without_the_file_or_the_list_of_its_large_objects_is_refused() throws Exception {
    var backup = made(Format.DIRECTORY, rich);
    Files.delete(backup.resolve("blob_1001.dat.gz"));
    refused(backup, "the data file of large object 1001 is missing");
    Files.delete(backup.resolve("blobs.toc"));
    refused(backup, "the list of large objects is missing");
  }

  @Test
  void a_file_that_the_table_of_contents_does_not_use_is_noted() throws Exception {
    var backup = made(Format.DIRECTORY, simple);
    Files.writeString(backup.resolve("notes.txt"), "mine");
    assertThat(examine(backup).problems()).isEmpty();
    assertThat(examine(backup).notes()).anyMatch(note -> note.contains("notes.txt"));
  }

  @Test
  @Tag("hostile")
  void the_manifest_of_a_directory_knows_every_file() throws Exception {
    // given
    var backup = made(Format.DIRECTORY, simple, "-Z0");
    manifest(backup, Format.DIRECTORY);
    assertThat(examine(backup).problems()).isEmpty();
    // then
    Files.writeString(backup.resolve("added.dat"), "x");
    refused(backup, "the manifest does not know this file");
    Files.delete(backup.resolve("added.dat"));
    flip(data(backup), 3);
    refused(backup, "SHA-256 differs");
    Files.delete(data(backup));
    refused(backup, "the manifest names this file, and it is missing");
  }

  @Test
  @Tag("hostile")
  void the_manifest_of_another_backup_and_a_damaged_one_are_refused() throws Exception {
    // given
    var file = made(Format.CUSTOM, simple);
    manifest(file, Format.CUSTOM);
    var other = folder.resolve("other.dump");
    dump(other, rich, "-Fc");
    Files.copy(Manifests.beside(file), Manifests.beside(other));
    // then
    refused(other, "the manifest beside it is about another backup: b.dump");
    cut(Manifests.beside(other), 100);
    refused(other, "the manifest is damaged");
  }

  @Test
  void a_renamed_backup_with_its_manifest_passes_with_a_note() throws Exception {
    var file = made(Format.CUSTOM, simple);
    manifest(file, Format.CUSTOM);
    var renamed = Files.move(file, folder.resolve("renamed.dump"));
    Files.move(Manifests.beside(file), Manifests.beside(renamed));
    assertThat(examine(renamed).problems()).isEmpty();
    assertThat(examine(renamed).notes()).contains("it was called b.dump when it was made");
  }

  @Test
  void the_time_comes_from_the_manifest_else_from_the_archive_else_from_the_file()
      throws Exception {
    var plain = made(Format.PLAIN, simple);
    assertThat(examine(plain).createdFrom()).isEqualTo(CreatedFrom.FILE_TIME);
    var custom = made(Format.CUSTOM, simple);
    assertThat(examine(custom).createdFrom()).isEqualTo(CreatedFrom.ARCHIVE);
    assertThat(Duration.between(examine(custom).created(), Instant.now()).abs())
        .isLessThan(Duration.ofMinutes(5));
    manifest(custom, Format.CUSTOM);
    assertThat(examine(custom).createdFrom()).isEqualTo(CreatedFrom.MANIFEST);
    assertThat(examine(custom).created()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void progress_ends_at_the_total_and_never_goes_back() throws Exception {
    for (var format : Format.values()) {
      var seen = new ArrayList<Long>();
      var totals = new ArrayList<Long>();
      Examiner.examine(
          made(format, simple),
          Dumps.READER,
          (done, total) -> {
            seen.add(done);
            totals.add(total);
          });
      assertThat(seen).isSorted().last().isEqualTo(totals.getLast());
    }
  }

  /** It was read back and counted when it was written, and is the same to the last byte. */
  @ParameterizedTest
  @EnumSource(names = {"CUSTOM", "DIRECTORY"})
  void of_an_archive_with_the_hashes_of_its_manifest_only_the_schema_is_read(Format format)
      throws Exception {
    // given
    var database = Dumps.database("CREATE TABLE t AS SELECT 1 AS id; CREATE SEQUENCE s START 3");
    var file = made(format, database);
    manifest(file, format, Optional.of(fingerprint(database)));
    var asked = new ArrayList<List<String>>();
    // when
    var examination = Examiner.examine(file, recording(asked), Examiner.Progress.NONE);
    // then
    assertThat(asked).containsExactly(List.of("--schema-only"));
    assertThat(examination.problems()).isEmpty();
    assertThat(examination.digest()).isEqualTo(Examiner.digest(file));
    var contents = examination.contents();
    assertThat(contents.complete()).isTrue();
    assertThat(contents.defines()).isTrue();
    assertThat(contents.inserted()).containsEntry(new TableName("public", "t"), 1L);
    assertThat(contents.sequences())
        .containsEntry(new TableName("public", "s"), new SequenceState(3, false));
    // and when a byte is another
    var changed = format == Format.CUSTOM ? file : data(file);
    flip(changed, Files.size(changed) - 3);
    asked.clear();
    // then it is read, and refused
    assertThat(Examiner.examine(file, recording(asked), Examiner.Progress.NONE).problems())
        .anySatisfy(it -> assertThat(it.what()).contains("SHA-256 differs"));
    assertThat(asked).doesNotContain(List.of("--schema-only"));
  }

  /** Who owns them is not in the schema. */
  @Test
  void an_archive_with_large_objects_is_read_whole() throws Exception {
    var file = made(Format.CUSTOM, rich);
    manifest(file, Format.CUSTOM, Optional.of(fingerprint(rich)));
    var asked = new ArrayList<List<String>>();
    assertThat(Examiner.examine(file, recording(asked), Examiner.Progress.NONE).problems())
        .isEmpty();
    assertThat(asked).containsExactly(List.of());
  }

  private static Fingerprint fingerprint(String database) throws Exception {
    try (var connection = SERVER.connect(database)) {
      return Fingerprints.take(connection);
    }
  }

  private static ArchiveReader recording(List<List<String>> asked) {
    return new ArchiveReader() {
      @Override
      public InputStream plain(Path archive, List<String> options) throws IOException {
        asked.add(options);
        return Dumps.READER.plain(archive, options);
      }

      @Override
      public String tableOfContents(Path archive) throws IOException {
        return Dumps.READER.tableOfContents(archive);
      }
    };
  }

  private static void flip(Path file, long at) throws IOException {
    var bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= 1;
    Files.write(file, bytes);
  }

  private static void manifest(Path backup, Format format) throws IOException {
    manifest(backup, format, Optional.empty());
  }

  private static void manifest(Path backup, Format format, Optional<Fingerprint> content)
      throws IOException {
    var files = new ArrayList<BackupFile>();
    var examined = examine(backup);
    for (var entry : examined.sha256().entrySet()) {
      var file = Files.isDirectory(backup) ? backup.resolve(entry.getKey()) : backup;
      files.add(new BackupFile(entry.getKey(), Files.size(file), entry.getValue()));
    }
    var source =
        new SourceDatabase(
            "15",
            "1",
            "app",
            1,
            1,
            "UTF8",
            new TreeMap<>(),
            new TreeMap<>(),
            List.of(),
            new TreeMap<>());
    Manifests.write(
        backup,
        new Manifest(
            1,
            Instant.EPOCH,
            "test",
            Optional.empty(),
            format,
            files,
            "15",
            "test",
            source,
            content));
  }
}
