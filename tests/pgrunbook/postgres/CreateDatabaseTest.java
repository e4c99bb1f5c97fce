package pgrunbook.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class CreateDatabaseTest {
  @Test
  void before_15_there_is_no_provider() {
    assertThat(CreateDatabase.like(facts(Optional.empty(), Optional.empty()), "new"))
        .isEqualTo(
            "CREATE DATABASE \"new\" WITH TEMPLATE template0 OWNER \"owner\" ENCODING 'UTF8'"
                + " LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' TABLESPACE \"fast\"");
  }

  @Test
  void icu_and_builtin_locales_are_kept() {
    assertThat(like(LocaleProvider.ICU, "de-x-icu"))
        .contains(" LOCALE_PROVIDER icu ", " ICU_LOCALE 'de-x-icu'");
    assertThat(like(LocaleProvider.BUILTIN, "C.UTF-8"))
        .contains(" LOCALE_PROVIDER builtin ", " BUILTIN_LOCALE 'C.UTF-8'");
  }

  private static String like(LocaleProvider provider, String locale) {
    return CreateDatabase.like(facts(Optional.of(provider), Optional.of(locale)), "new");
  }

  private static DatabaseFacts facts(Optional<LocaleProvider> provider, Optional<String> locale) {
    return new DatabaseFacts(
        5,
        "app",
        "owner",
        "UTF8",
        "C",
        "C.UTF-8",
        provider,
        locale,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "fast",
        Optional.empty(),
        true,
        -1,
        false,
        0);
  }
}
