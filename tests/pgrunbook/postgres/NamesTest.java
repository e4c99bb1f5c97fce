package pgrunbook.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {
  @Test
  void a_name_that_is_too_long_loses_whole_characters_before_its_suffix() {
    assertThat(Names.fitting("app", "_old")).isEqualTo("app_old");
    assertThat(Names.fitting("a".repeat(70), "_old")).isEqualTo("a".repeat(59) + "_old");
    assertThat(Names.fitting("ü".repeat(40), "_old")).isEqualTo("ü".repeat(29) + "_old");
    var emoji = Names.fitting("😀".repeat(40), "_x");
    assertThat(emoji).isEqualTo("😀".repeat(15) + "_x");
    assertThat(emoji.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(63);
  }

  @Test
  void names_are_measured_in_bytes() {
    assertThat(Names.check("a".repeat(63))).isEmpty();
    assertThat(Names.check("ü".repeat(32)).orElseThrow().what()).endsWith("has 64 bytes");
    assertThat(Names.check("")).isPresent();
    assertThat(Names.check("a\0b")).isPresent();
  }

  @Test
  void identifiers_and_literals_are_quoted() {
    assertThat(Identifiers.quote("a\"B")).isEqualTo("\"a\"\"B\"");
    assertThat(Identifiers.quote(List.of("public", "users"))).isEqualTo("\"public\".\"users\"");
    assertThat(Literals.quote("it's")).isEqualTo("'it''s'");
    assertThat(Literals.quote("a\\b'")).isEqualTo("E'a\\\\b'''");
    assertThat(Literals.connectionValue("a\\b'")).isEqualTo("'a\\\\b\\''");
  }

  @Test
  void lists_among_the_settings_are_taken_apart() {
    assertThat(Settings.assignment("search_path=\"$user\", \"a, \"\"b\"\"\", public"))
        .isEqualTo("SET \"search_path\" TO '$user', 'a, \"b\"', 'public'");
    assertThat(Settings.assignment("search_path=\"\"")).isEqualTo("SET \"search_path\" TO ''");
    assertThat(Settings.assignment("DateStyle=ISO, DMY"))
        .isEqualTo("SET \"DateStyle\" TO 'ISO, DMY'");
    assertThat(Settings.assignment("app.secret=a=b")).isEqualTo("SET \"app.secret\" TO 'a=b'");
  }
}
