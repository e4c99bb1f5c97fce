package pgrunbook.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pgrunbook.expression.Late;
import pgrunbook.text.Secret;

class RecordsTest {
  private static final Bound.Output OUTPUT =
      new Bound.Output(
          "b.dump",
          5_000_000_000L,
          Optional.empty(),
          Optional.of(3),
          List.of(new Bound.Inner("x", 1)),
          Map.of("z", 1L, "a", 2L),
          Instant.parse("2026-01-31T12:00:00.123456Z"),
          Duration.ofMillis(1500),
          Bound.Mode.VERY_SAFE,
          false);

  record Call(
      Late<String> file, Late<String> database, Secret password, YamlNode expect, Object any) {}

  record Wide(Map<String, String> map) {}

  private static ObjectNode json() {
    return Records.toJson(OUTPUT);
  }

  @Test
  void a_record_is_written_in_snake_case_without_what_is_empty() {
    assertThat(json().toString())
        .isEqualTo(
            "{\"file\":\"b.dump\",\"bytes\":5000000000,\"count\":3,"
                + "\"inners\":[{\"name\":\"x\",\"times\":1}],\"rows\":{\"a\":2,\"z\":1},"
                + "\"at\":\"2026-01-31T12:00:00.123456Z\",\"took\":\"PT1.5S\","
                + "\"mode\":\"very_safe\",\"complete\":false}");
  }

  @Test
  void what_was_written_is_read_back() {
    assertThat(Records.fromJson(json(), Bound.Output.class)).isEqualTo(OUTPUT);
  }

  @Test
  void keys_that_are_missing_or_unknown_are_tolerated() {
    // given
    var json = json().put("new_one", 5);
    json.remove(List.of("count", "inners", "rows", "complete"));
    // when
    var read = Records.fromJson(json, Bound.Output.class);
    // then
    assertThat(read.count()).isEmpty();
    assertThat(read.inners()).isEmpty();
    assertThat(read.rows()).isEmpty();
    assertThat(read.complete()).isTrue();
  }

  @Test
  void json_that_describes_no_such_record_is_refused() {
    var missing = json();
    missing.remove("file");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Records.fromJson(missing, Bound.Output.class))
        .withMessage("'file' is missing in Output");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Records.fromJson(json().put("bytes", "x"), Bound.Output.class))
        .withMessage("'bytes' must be a whole number, found \"x\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Records.fromJson(json().put("took", "1h"), Bound.Output.class));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Records.fromJson(json().put("mode", "slow"), Bound.Output.class));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Records.fromJson(JsonNodeFactory.instance.arrayNode(), Bound.Output.class));
  }

  @Test
  void an_input_shows_what_is_pending_and_hides_what_is_secret() {
    // given
    var expect = Values.node(json());
    var call =
        new Call(
            Late.known("f"),
            new Late.Pending<>("‹steps.a.database›", Set.of("a")),
            new Secret("s3cret"),
            expect,
            5L);
    // when
    var written = Records.toJson(call);
    // then
    assertThat(written.get("file").asText()).isEqualTo("f");
    assertThat(written.get("database").asText()).isEqualTo("‹steps.a.database›");
    assertThat(written.get("expect")).hasToString(json().toString());
    assertThat(written.toString()).doesNotContain("s3cret").contains("\"password\":\"***\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Records.fromJson(written, Call.class))
        .withMessage("'password' is secret and was not written down");
  }

  @Test
  void the_order_of_a_map_is_kept_where_it_has_one() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("z", "1");
    map.put("a", "2");
    var json = Records.toJson(new Wide(map));
    assertThat(json.toString()).isEqualTo("{\"map\":{\"z\":\"1\",\"a\":\"2\"}}");
    assertThat(Records.fromJson(json, Wide.class).map().keySet()).containsExactly("z", "a");
  }
}
