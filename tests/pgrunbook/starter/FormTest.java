package pgrunbook.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "shop|shop",
        "$DB|${env.DB}",
        "${DB}|${env.DB}",
        "${DB:?set it}|${env.DB}",
        "${DB-shop}|${env.DB ?? 'shop'}",
        "${DB:-it's}|${env.DB ?? 'it''s'}",
        "${DB:-${NAME:-shop}}|${env.DB ?? env.NAME ?? 'shop'}",
        "${NAME}_prod|${env.NAME}_prod",
        "a$$b|a$b",
        "$${no}|$${no}"
      },
      delimiter = '|')
  void what_compose_writes_becomes_what_an_environment_says(String compose, String template) {
    assertThat(Form.parse(compose)).map(Form::template).hasValue(template);
  }

  @ParameterizedTest
  @ValueSource(strings = {"${DB:+other}", "${DB", "${DB:-${A}-${B}}", "$1"})
  void what_no_environment_can_say_is_not_guessed(String compose) {
    assertThat(Form.parse(compose)).isEmpty();
  }

  @Test
  void a_default_counts_where_the_variable_is_missing_or_empty() {
    var form = Form.parse("pg-${V:-17}").orElseThrow();
    assertThat(form.value(Map.of())).isEqualTo("pg-17");
    assertThat(form.value(Map.of("V", ""))).isEqualTo("pg-17");
    assertThat(form.value(Map.of("V", "16"))).isEqualTo("pg-16");
  }
}
