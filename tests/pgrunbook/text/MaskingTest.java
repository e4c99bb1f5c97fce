package pgrunbook.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

class MaskingTest {
  private static Masking of(String... secrets) {
    return new Masking(List.of(secrets).stream().map(Secret::new).toList());
  }

  @Test
  void a_secret_is_masked_wherever_it_stands() {
    assertThat(of("p4ss word").mask("a p4ss word, p4ss wordp4ss word")).isEqualTo("a ***, ******");
  }

  @Test
  void its_usual_encodings_are_masked_too() {
    // given
    var masking = of("it's \"5ecret\" & more");
    var base64 = Base64.getEncoder().encodeToString(bytes("it's \"5ecret\" & more"));
    // then
    assertThat(masking.mask("postgres://u:it%27s+%225ecret%22+%26+more@h"))
        .doesNotContain("5ecret");
    assertThat(masking.mask("postgres://u:it%27s%20%225ecret%22%20%26%20more@h"))
        .isEqualTo("postgres://u:***@h");
    assertThat(masking.mask("PASSWORD 'it''s \"5ecret\" & more'")).isEqualTo("PASSWORD '***'");
    assertThat(masking.mask("{\"p\":\"it's \\\"5ecret\\\" & more\"}")).isEqualTo("{\"p\":\"***\"}");
    assertThat(masking.mask("Basic " + base64)).isEqualTo("Basic ***");
  }

  /** Each of them holds the secret, as some program or language writes it. */
  @ParameterizedTest
  @Tag("hostile")
  @ValueSource(
      strings = {
        "it's",
        "a\"b'c$d%e f\\g:h@i",
        "\\\\'\\''",
        "über-gehäim ☃ 𝄞",
        "-----BEGIN KEY-----\nAbC+/d'ef==\n-----END KEY-----\n",
        "<&>\"",
        "$%{}",
        "äöü",
        "a.b*c+d?[e](f)|^g{h}",
        "\t\r\n!"
      })
  void whoever_has_quoted_it_a_secret_is_masked(String secret) throws Exception {
    // given
    var json = new ObjectMapper();
    var ascii = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    var url = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    var once = json.writeValueAsString(secret);
    var hex = HexFormat.of().formatHex(bytes(secret));
    var quoted =
        List.of(
            once,
            json.writeValueAsString(once),
            ascii.writeValueAsString(secret),
            url,
            url.replace("+", "%20"),
            Pattern.compile("%..")
                .matcher(url)
                .replaceAll(escape -> escape.group().toLowerCase(Locale.ROOT)),
            "'" + secret.replace("'", "''") + "'",
            "E'" + secret.replace("\\", "\\\\").replace("'", "\\'") + "'",
            "E'" + secret.replace("\\", "\\\\").replace("'", "''") + "'",
            "'" + secret.replace("'", "'\\''") + "'",
            "'" + secret.replace("'", "'\"'\"'") + "'",
            "\"" + secret.replace("\"", "\"\"") + "\"",
            secret.replaceAll("([^A-Za-z0-9])", "\\\\$1"),
            secret.replace("$", "$$"),
            secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
            secret.replace("\n", "\n    "),
            new Yaml().dump(Map.of("k", secret)).replaceFirst("^\\{?k: ", ""),
            Base64.getEncoder().encodeToString(bytes(secret)),
            Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(secret)),
            "\\x" + hex,
            hex.toUpperCase(Locale.ROOT));
    for (var text : quoted) {
      // when
      var masked = of(secret).mask("before " + text + " behind");
      // then
      assertThat(masked)
          .as(text)
          .startsWith("before ")
          .endsWith("behind")
          .contains("***")
          .hasSizeLessThan("before  behind".length() + 12);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"u:", "ab:", "abc:"})
  void it_is_masked_inside_of_a_longer_base64(String before) {
    // given
    var secret = "canary-5ecret";
    // when
    var masked = of(secret).mask(Base64.getEncoder().encodeToString(bytes(before + secret + "#")));
    // then
    assertThat(masked).contains("***").hasSizeLessThan(16);
  }

  @Test
  void each_line_of_a_secret_that_has_several_is_masked() {
    // given
    var masking = of("-----BEGIN-----\nMIIEvQIBADAN\nab\n-----END-----");
    // then
    assertThat(masking.mask("line 2: MIIEvQIBADAN")).isEqualTo("line 2: ***");
    assertThat(masking.mask("ab")).isEqualTo("ab");
  }

  @Test
  @Tag("hostile")
  void long_ones_and_rows_of_quotes_are_masked_at_once() {
    for (var secret : List.of("ü☃".repeat(2000), "'".repeat(30) + "x", "\\".repeat(40) + "'")) {
      var masking = of(secret);
      assertThat(masking.mask("a " + secret + " b")).matches("a [*]+ b");
      assertThat(masking.mask("'".repeat(59) + "y" + "\\".repeat(39) + "z")).doesNotContain("*");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void the_longer_of_two_secrets_is_masked_as_a_whole() {
    assertThat(of("secret", "secret-4711").mask("secret-4711 and secret")).isEqualTo("*** and ***");
  }

  @Test
  void what_is_too_short_to_be_a_secret_is_left() {
    assertThat(of("", "a", "ab").mask("abba")).isEqualTo("abba");
  }

  @Test
  void a_secret_shows_itself_only_to_whoever_asks_for_it() {
    assertThat(new Secret("p4ss")).hasToString("***");
    assertThat(new Secret("p4ss").reveal()).isEqualTo("p4ss");
  }

  @Test
  void a_reader_of_a_stream_knows_how_much_to_hold_back() {
    assertThat(Masking.NONE.longest()).isZero();
    assertThat(of("p4ssw0rd").longest()).isGreaterThanOrEqualTo("p4ssw0rd".length());
  }
}
