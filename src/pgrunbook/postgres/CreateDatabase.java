package pgrunbook.postgres;

import static pgrunbook.postgres.LocaleProvider.BUILTIN;
import static pgrunbook.postgres.LocaleProvider.ICU;

/**
 * Makes databases that sort, compare and encode like another one. What else belongs to a database
 * comes from {@link DatabaseProperties}.
 */
public final class CreateDatabase {
  private CreateDatabase() {}

  /**
   * The statement for an empty database with the same owner, encoding, locale and tablespace. A
   * role with CREATEDB that is the owner, or a member of it, may run it.
   */
  public static String like(DatabaseFacts source, String name) {
    var sql = new StringBuilder("CREATE DATABASE " + Identifiers.quote(name));
    sql.append(" WITH TEMPLATE template0");
    sql.append(" OWNER ").append(Identifiers.quote(source.owner()));
    sql.append(" ENCODING ").append(Literals.quote(source.encoding()));
    source.provider().ifPresent(p -> sql.append(" LOCALE_PROVIDER ").append(p.sql()));
    sql.append(" LC_COLLATE ").append(Literals.quote(source.collate()));
    sql.append(" LC_CTYPE ").append(Literals.quote(source.ctype()));
    source.providerLocale().ifPresent(locale -> sql.append(localeOption(source, locale)));
    source.icuRules().ifPresent(rules -> sql.append(" ICU_RULES ").append(Literals.quote(rules)));
    if (!source.tablespace().equals("pg_default")) {
      sql.append(" TABLESPACE ").append(Identifiers.quote(source.tablespace()));
    }
    return sql.toString();
  }

  private static String localeOption(DatabaseFacts source, String locale) {
    if (source.provider().filter(ICU::equals).isPresent()) {
      return " ICU_LOCALE " + Literals.quote(locale);
    }
    return source.provider().filter(BUILTIN::equals).isPresent()
        ? " BUILTIN_LOCALE " + Literals.quote(locale)
        : "";
  }
}
