package pgrunbook.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatsTest {
  private static final String DUMP = "--\n-- PostgreSQL database dump\n--\n\nSELECT 1;\n";

  @TempDir private Path folder;

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("backup"), content);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void isRefused(Path path, String what, String hint) {
    assertThat(Formats.recognise(path))
        .isInstanceOfSatisfying(
            Recognised.Unusable.class,
            unusable -> {
              assertThat(unusable.problem().what()).contains(what);
              assertThat(unusable.problem().hint().orElse("")).contains(hint);
              assertThat(unusable.problem().at().file()).isEqualTo(path.toString());
            });
  }

  private static void is(Path path, Format format) {
    assertThat(Formats.recognise(path)).isEqualTo(new Recognised.Backup(path, format));
  }

  @Test
  void a_backup_is_recognised_by_its_content_whatever_its_name() throws IOException {
    is(file(bytes(DUMP)), Format.PLAIN);
    is(file(bytes(DUMP.replace("\n", "\r\n"))), Format.PLAIN);
    is(file(bytes("PGDMP\1\16")), Format.CUSTOM);
    is(Dumps.gzip(folder.resolve("backup"), bytes(DUMP)), Format.GZIP);
    is(Dumps.gzip(folder.resolve("backup"), bytes(DUMP + "x".repeat(99_999))), Format.GZIP);
    var directory = Files.createDirectory(folder.resolve("dir"));
    Files.write(directory.resolve("toc.dat"), bytes("PGDMP\1\16"));
    is(directory, Format.DIRECTORY);
  }

  @ParameterizedTest
  @CsvSource({
    "28b52ffd00, zstd, zstd -d",
    "04224d1800, lz4, lz4 -d",
    "425a683931, bzip2, bunzip2",
    "fd377a585a00, xz, unxz",
    "504b0304, zip, unzip",
    "fffe2d002d00, UTF-16, pg_dump -f",
    "53454c45435420313b0a, no dump that pg_dump wrote, pg_dump",
  })
  void another_kind_of_file_is_refused_by_name(String hex, String what, String hint)
      throws IOException {
    isRefused(file(HexFormat.of().parseHex(hex)), what, hint);
  }

  @Test
  void containers_around_a_backup_are_refused() throws IOException {
    var gzip = folder.resolve("x.gz");
    isRefused(Dumps.gzip(gzip, bytes("PGDMP\1\16")), "custom archive", "gunzip");
    isRefused(Dumps.gzip(gzip, Files.readAllBytes(gzip)), "gzip again", "gunzip");
    var tar = new byte[1024];
    System.arraycopy(bytes("ustar"), 0, tar, 257, 5);
    isRefused(file(tar), "a tar archive", "-Fc");
    isRefused(Dumps.gzip(gzip, tar), "a tar archive", "gunzip");
  }

  @Test
  void a_dump_of_a_whole_cluster_is_refused() throws IOException {
    isRefused(
        file(bytes("--\n-- PostgreSQL database cluster dump\n--\n")), "pg_dumpall", "pg_dump");
  }

  @Test
  void what_is_missing_empty_or_unfinished_is_refused() throws IOException {
    isRefused(folder.resolve("nothing"), "no such file", "check the name");
    isRefused(file(new byte[0]), "an empty file", "take another backup");
    var directory = Files.createDirectory(folder.resolve("dir"));
    isRefused(directory, "an empty folder", "take another backup");
    Files.write(directory.resolve("1.dat"), bytes("x"));
    isRefused(directory, "without toc.dat", "writes toc.dat last");
    Files.write(directory.resolve("toc.dat"), bytes("x"));
    isRefused(directory, "no table of contents", "take another backup");
    isRefused(Path.of("/dev/null"), "neither a file nor a folder", "twice");
  }

  @Test
  void a_symbolic_link_may_not_lead_out_of_its_folder() throws IOException {
    // given
    var dump = file(bytes(DUMP));
    var backups = Files.createDirectory(folder.resolve("backups"));
    var outside = Files.createSymbolicLink(backups.resolve("out.sql"), dump);
    var inside = Files.createSymbolicLink(folder.resolve("in.sql"), dump);
    // then
    isRefused(outside, "leads out of its folder", "name the file itself");
    is(inside, Format.PLAIN);
    assertThat(Formats.recognise(dump, backups)).isInstanceOf(Recognised.Unusable.class);
    assertThat(Formats.recognise(outside, folder)).isInstanceOf(Recognised.Backup.class);
    isRefused(
        Files.createSymbolicLink(folder.resolve("gone"), folder.resolve("x")), "to nothing", "");
  }

  @Test
  void a_directory_with_a_symbolic_link_inside_is_refused() throws IOException {
    var directory = Files.createDirectory(folder.resolve("dir"));
    Files.write(directory.resolve("toc.dat"), bytes("PGDMP\1\16"));
    Files.createSymbolicLink(directory.resolve("1.dat"), file(bytes("secret")));
    isRefused(directory, "holds a symbolic link: 1.dat", "pg_dump writes none");
  }
}
