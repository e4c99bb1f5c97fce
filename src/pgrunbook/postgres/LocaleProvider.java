package pgrunbook.postgres;

/** Who provides a database's collations, as in pg_database.datlocprovider. */
public enum LocaleProvider {
  LIBC,
  ICU,
  BUILTIN;

  static LocaleProvider of(String code) {
    return switch (code) {
      case "i" -> ICU;
      case "b" -> BUILTIN;
      default -> LIBC;
    };
  }

  String sql() {
    return switch (this) {
      case LIBC -> "libc";
      case ICU -> "icu";
      case BUILTIN -> "builtin";
    };
  }
}
