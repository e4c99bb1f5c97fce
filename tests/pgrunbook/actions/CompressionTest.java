package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pgrunbook.action.StepFailed;
import pgrunbook.backup.Format;
import pgrunbook.text.Refused;

class CompressionTest {
  @ParameterizedTest
  @CsvSource({
    "custom, 17, --compress=zstd:1",
    "directory, 16, --compress=zstd:1",
    "custom, 15, --compress=1",
    "directory, 12, --compress=1"
  })
  void the_fastest_is_what_that_pg_dump_knows(String format, int major, String argument) {
    assertThat(Compression.fastest(of(format), major).arguments(major)).containsExactly(argument);
  }

  @ParameterizedTest
  @CsvSource({
    "none, 17, --compress=none",
    "none, 15, --compress=0",
    "gzip:6, 17, --compress=gzip:6",
    "gzip:6, 15, --compress=6",
    "gzip, 16, --compress=gzip",
    "lz4, 16, --compress=lz4",
    "zstd:22, 17, --compress=zstd:22"
  })
  void what_is_chosen_is_said_in_the_words_of_that_pg_dump(
      String written, int major, String argument) {
    assertThat(Compression.of(written, Format.CUSTOM).arguments(major)).containsExactly(argument);
  }

  @Test
  void an_older_pg_dump_compresses_by_itself_as_gzip_without_a_level() {
    assertThat(Compression.of("gzip", Format.CUSTOM).arguments(15)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"lz4, 15", "zstd:3, 14"})
  void an_older_pg_dump_knows_no_other_method(String written, int major) {
    assertThatThrownBy(() -> Compression.of(written, Format.CUSTOM).arguments(major))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("pg_dump " + major + " does not know compression");
  }

  @ParameterizedTest
  @CsvSource({
    "bzip2, custom, compression is none",
    "gzip:, custom, compression is none",
    "gzip:0, custom, a level of gzip is 1 to 9",
    "gzip:10, custom, a level of gzip is 1 to 9",
    "zstd:23, directory, a level of zstd is 1 to 22",
    "none:1, custom, compression none has no level",
    "gzip:1, plain, compression gzip does not go with plain SQL",
    "zstd, gzip, compression zstd does not go with",
    "none, gzip, compression none does not go with"
  })
  void what_is_no_compression_of_the_format_is_refused(String written, String format, String why) {
    assertThatThrownBy(() -> Compression.of(written, of(format)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(why);
  }

  @Test
  void only_what_nobody_chose_is_replaced_where_pg_dump_was_built_without_it() {
    var failed = new StepFailed("… this build does not support compression with ZSTD");
    var fastest = Compression.fastest(Format.CUSTOM, 17);
    assertThat(fastest.instead(failed).orElseThrow().arguments(17))
        .containsExactly("--compress=gzip:1");
    assertThat(fastest.instead(new StepFailed("… unterstützt keine Komprimierung mit ZSTD")))
        .isPresent();
    assertThat(fastest.instead(new StepFailed("connection refused"))).isEmpty();
    assertThat(Compression.of("zstd", Format.CUSTOM).instead(failed)).isEmpty();
  }

  private static Format of(String name) {
    return Format.valueOf(name.toUpperCase(Locale.ROOT));
  }
}
