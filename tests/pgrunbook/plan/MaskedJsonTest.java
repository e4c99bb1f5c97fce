package pgrunbook.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.text.Masking;
import pgrunbook.text.Secret;

class MaskedJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @Tag("hostile")
  @ValueSource(strings = {"\":\"", "\",\"", "4711", "name", "\\\"\\", "[1,", "}},"})
  void what_is_left_is_json_whatever_a_secret_looks_like(String secret) throws Exception {
    // given
    var node = JSON.createObjectNode().put("name", "a " + secret + " b").put("count", 4711);
    node.putArray("list").add(secret).add(true).addNull();
    // when
    var masked = MaskedJson.of(node, new Masking(List.of(new Secret(secret))));
    // then
    assertThat(masked.path("name").asText()).isEqualTo("a *** b");
    assertThat(masked.path("list").toString()).isEqualTo("[\"***\",true,null]");
    assertThat(masked.path("count").asText()).isEqualTo(secret.equals("4711") ? "***" : "4711");
    assertThat(JSON.readTree(masked.toString())).isEqualTo(masked);
  }
}
