package pgrunbook.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

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
