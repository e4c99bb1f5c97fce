package pgrunbook.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyLinesTest {
  private static LineSums sums(String text) {
    return sums(text.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
  }

  private static LineSums sums(byte[] bytes, int piece) {
    var lines = new CopyLines();
    for (var at = 0; at < bytes.length; ) {
      var to = at + Math.min(piece, bytes.length - at);
      at = lines.accept(bytes, at, to);
    }
    return lines.sums();
  }

  @Test
  void the_order_of_lines_does_not_matter_and_their_number_does() {
    assertThat(sums("a\nb\n")).isEqualTo(sums("b\na\n"));
    assertThat(sums("a\na\n")).isNotEqualTo(sums("a\n"));
    assertThat(sums("a\na\nb\n")).isNotEqualTo(sums("a\nb\nb\n"));
    assertThat(sums("\n").count()).isEqualTo(1);
    assertThat(sums("")).isEqualTo(LineSums.NONE);
    assertThat(sums("a\nb\n").plus(sums("c\n"))).isEqualTo(sums("c\nb\na\n"));
  }

  @Test
  void every_changed_byte_changes_the_sums() {
    // given
    var random = new Random(7);
    for (var length = 1; length < 70; length++) {
      var line = new byte[length + 1];
      for (var i = 0; i < length; i++) {
        line[i] = (byte) (' ' + random.nextInt(90));
      }
      line[length] = '\n';
      var seen = new HashSet<LineSums>(List.of(sums(line, 1000)));
      // when
      for (var i = 0; i < length; i++) {
        for (var bit = 0; bit < 7; bit++) {
          var changed = line.clone();
          changed[i] ^= (byte) (1 << bit);
          if (changed[i] > '\r') {
            // then
            assertThat(seen.add(sums(changed, 1000))).isTrue();
          }
        }
      }
    }
  }

  @Test
  void it_is_the_hash_it_says_it_is() {
    // murmur3_x64_128 of "hello", seed 0: cbd8a7b341bd9b02 5b1e906a48ae1d19
    assertThat(sums("hello\n").low()).isEqualTo(0xcbd8a7b341bd9b02L);
    assertThat(sums("hello\n").high()).isEqualTo(0x5b1e906a48ae1d19L);
  }

  @Test
  void lines_of_any_length_may_come_in_pieces_of_any_size() {
    // given
    var lines = new ArrayList<String>();
    var random = new Random(3);
    for (var i = 0; i < 40; i++) {
      var fields = new ArrayList<String>();
      for (var f = random.nextInt(5); f >= 0; f--) {
        fields.add(f % 2 == 0 ? "x".repeat(random.nextInt(130)) : "2024-02-03 04:05:06.7+01");
      }
      lines.add(String.join("\t", fields));
    }
    var expected = sums(String.join("\n", lines) + "\n");
    Collections.shuffle(lines, random);
    for (var end : List.of("\n", "\r\n")) {
      var bytes = (String.join(end, lines) + end).getBytes(StandardCharsets.UTF_8);
      // then
      for (var piece = 1; piece < 200; piece++) {
        assertThat(sums(bytes, piece)).as("pieces of %d", piece).isEqualTo(expected);
      }
    }
  }

  @Test
  void the_end_is_a_line_of_its_own() {
    var lines = new CopyLines();
    var bytes = "\\.x\nx\\.\n\\.\t\nx\t\\.\n\\.\nrest".getBytes(StandardCharsets.UTF_8);
    // when
    var at = lines.accept(bytes, 0, bytes.length);
    // then
    assertThat(lines.ended()).isTrue();
    assertThat(bytes.length - at).isEqualTo("rest".length());
    assertThat(lines.sums().count()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "2024-02-29 23:30:00+00, 2024-03-01 05:00:00+05:30",
    "2024-02-29 23:30:00.25+00, 2024-02-29 18:30:00.25-05",
    "1890-01-01 00:00:00+00, 1890-01-01 00:53:28+00:53:28",
    "0001-01-01 00:00:00+00, 0001-12-31 22:00:00-02 BC",
    "12345-01-01 00:00:00+00, 12344-12-31 12:00:00-12",
    "0044-03-15 12:00:00+00 BC, 0044-03-15 13:00:00+01 BC",
  })
  void one_instant_in_two_time_zones_is_the_same(String one, String other) {
    assertThat(sums("1\t" + one + "\tx\n")).isEqualTo(sums("1\t" + other + "\tx\n"));
    assertThat(sums(one + "\n")).isEqualTo(sums(other + "\r\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-02-29 23:30:00",
        "2024-02-29 23:30:00.1234567+00",
        "2024-02-29 23:30:00+00x",
        "2024-13-29 23:30:00+00",
        "2024-02-29T23:30:00+00",
        "x2024-02-29 23:30:00+00",
        "{\"2024-02-29 23:30:00+00\"}",
      })
  void other_fields_are_compared_as_they_are(String field) {
    assertThat(sums(field + "\n")).isNotEqualTo(sums(field.replace("23:30", "22:30") + "\n"));
    assertThat(sums(field + "\n"))
        .isNotEqualTo(sums(field.replace("23:30:00", "22:30:00").replace("+00", "-01") + "\n"));
  }

  @Test
  void different_instants_differ() {
    assertThat(sums("2024-02-29 23:30:00+00\n")).isNotEqualTo(sums("2024-02-29 23:30:01+00\n"));
    assertThat(sums("2024-02-29 23:30:00.5+00\n"))
        .isNotEqualTo(sums("2024-02-29 23:30:00.05+00\n"));
    assertThat(sums("0044-03-15 12:00:00+00 BC\n")).isNotEqualTo(sums("0044-03-15 12:00:00+00\n"));
  }
}
