package pgrunbook.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other sessions do is shown without what could be a password or a key. */
class QueryTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE integrations SET api_key = 'SECRET' WHERE id = 7",
        "SELECT 'it''s SECRET', E'a\\'SECRET', $$SECRET$$, $x$ $$ 'SECRET $x$, U&'SECRET'",
        "SELECT 1 -- 'SECRET\n, \"a'b\", 'SECRET'",
        "SELECT /* don't */ 'SECRET' /* SECRET",
        "ALTER ROLE app PASSWORD 'SECRET, cut by the ser",
        "SELECT $a$SECRET, cut",
        "SELECT e'SECRET\\"
      })
  void no_text_is_shown(String query) {
    assertThat(QueryText.withoutLiterals(query)).doesNotContain("SECRET");
  }

  @Test
  void the_rest_is_shown_as_it_is() {
    assertThat(
            QueryText.withoutLiterals(
                "UPDATE \"my 'keys\" SET k = 'x', n = $1 WHERE id = 7 AND \"it's\" = E'\\\\'"))
        .isEqualTo("UPDATE \"my 'keys\" SET k = '…', n = $1 WHERE id = 7 AND \"it's\" = '…'");
    assertThat(QueryText.withoutLiterals("SELECT a$b$c, 1")).isEqualTo("SELECT a$b$c, 1");
    assertThat(QueryText.withoutLiterals("SELECT '" + "''".repeat(100_000)))
        .isEqualTo("SELECT '…'");
  }
}
