package pgrunbook.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SchemaTest {
  @Test
  void a_schema_says_what_binding_takes() {
    var schema = Schema.of(Bound.Inner.class);
    assertThat(schema.toString())
        .isEqualTo(
            "{\"type\":\"object\",\"properties\":{"
                + "\"name\":{\"description\":\"its name\","
                + "\"type\":[\"string\",\"number\",\"boolean\"]},"
                + "\"times\":{\"anyOf\":[{\"type\":\"integer\"},"
                + "{\"type\":\"string\",\"pattern\":\"\\\\$\\\\{\"}],\"default\":3}},"
                + "\"required\":[\"name\"],\"additionalProperties\":false}");
  }

  @Test
  void every_kind_of_component_has_a_schema() {
    var properties = Schema.withoutExpressions(Bound.Everything.class).get("properties");
    assertThat(properties.at("/flag/type").asText()).isEqualTo("boolean");
    assertThat(properties.at("/mode/enum").toString()).isEqualTo("[\"fast\",\"very_safe\"]");
    assertThat(properties.at("/names/items/type").isArray()).isTrue();
    assertThat(properties.at("/counts/additionalProperties/type").asText()).isEqualTo("integer");
    assertThat(properties.at("/inner/additionalProperties").asBoolean(true)).isFalse();
    assertThat(properties.at("/map_of_late/additionalProperties/anyOf/1/type").asText())
        .isEqualTo("string");
    assertThat(properties.has("place")).isFalse();
    assertThat(properties.has("protected")).isTrue();
    assertThat(properties.has("default")).isTrue();
  }
}
