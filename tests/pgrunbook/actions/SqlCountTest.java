package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlCountTest {
  @ParameterizedTest
  @ValueSource(strings = {"", " \n ", ";;", "-- select 1;", "/* select /* 1; */ ; */"})
  void blanks_and_comments_are_no_statement(String sql) {
    assertThat(SqlCount.of(sql)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1",
        "select 1;",
        "select 1 ; -- done; really",
        "select 'a;b''c;d'",
        "select E'a\\';b' || 'x\\'",
        "select \"a;b\" from t",
        "do $$ begin perform 1; end; $$",
        "do $a_1$ begin perform $$;$$; end $a_1$;",
        "select $1$ ",
        "select a$b$ , 1 ",
        "select 'unfinished; one",
        "select 1 /* ; */ + 2",
        "select 5 - - 1"
      })
  void one_statement_is_one(String sql) {
    assertThat(SqlCount.of(sql)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1; select 2",
        "select '\\'; drop table t; --'",
        "select a$b$; drop table t; select $b$",
        "select 1 --\n; select 2",
        "select E'\\\\'; select 2"
      })
  void what_follows_a_semicolon_is_another(String sql) {
    assertThat(SqlCount.of(sql)).isGreaterThan(1);
  }
}
