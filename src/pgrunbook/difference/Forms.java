package pgrunbook.difference;

import java.util.regex.Pattern;

/** The forms in which pgCodeKeeper writes the statements that matter here. */
final class Forms {
  private static final String NAME = "(?:\"(?:[^\"]|\"\")+\"|[\\w$]+)";
  private static final String PATH = "(" + NAME + "(?:\\." + NAME + ")*)";

  static final Pattern ADD_COLUMN =
      of("ALTER (?:FOREIGN )?TABLE(?: ONLY)? " + PATH + " ADD COLUMN (" + NAME + ") (.+)");
  static final Pattern SET_DEFAULT =
      of("ALTER TABLE(?: ONLY)? " + PATH + " ALTER COLUMN (" + NAME + ") SET DEFAULT (.+)");
  static final Pattern DROP_NOT_NULL =
      of("ALTER TABLE(?: ONLY)? " + PATH + " ALTER COLUMN (" + NAME + ") DROP NOT NULL");
  static final Pattern DROP_IDENTITY =
      of("ALTER TABLE(?: ONLY)? " + PATH + " ALTER COLUMN (" + NAME + ") DROP IDENTITY");
  static final Pattern SET_NOT_NULL =
      of("ALTER TABLE(?: ONLY)? " + PATH + " ALTER COLUMN (" + NAME + ") SET NOT NULL");
  static final Pattern ALTER_TYPE =
      of("ALTER (?:FOREIGN )?TABLE(?: ONLY)? " + PATH + " ALTER COLUMN (" + NAME + ") TYPE (.+)");
  static final Pattern DROP_COLUMN =
      of("ALTER (?:FOREIGN )?TABLE(?: ONLY)? " + PATH + " DROP COLUMN (" + NAME + ")");
  static final Pattern DROP_TABLE = of("DROP (?:FOREIGN )?TABLE " + PATH);
  static final Pattern CREATE_TABLE = of("CREATE (?:UNLOGGED |FOREIGN )?TABLE " + PATH + " .*");
  static final Pattern DROP_CONTAINER = of("DROP (SCHEMA|EXTENSION|SEQUENCE) " + PATH);
  static final Pattern CREATE_EXTENSION = of("CREATE EXTENSION (" + NAME + "\\b.*)");
  static final Pattern COMMENT_ON_EXTENSION = of("COMMENT ON EXTENSION (" + NAME + ") IS .*");
  static final Pattern INDEX_ON_ONLY = of("(CREATE (?:UNIQUE )?INDEX " + NAME + " ON )ONLY (.*)");
  static final Pattern DROP_CONSTRAINT =
      of(
          "ALTER (?:TABLE|FOREIGN TABLE|DOMAIN)(?: ONLY)? "
              + PATH
              + " DROP CONSTRAINT ("
              + NAME
              + ")");
  static final Pattern ADD_CONSTRAINT =
      of(
          "ALTER (?:TABLE|FOREIGN TABLE|DOMAIN)(?: ONLY)? "
              + PATH
              + " ADD CONSTRAINT ("
              + NAME
              + ") .*");
  static final Pattern DROP_INDEX = of("DROP INDEX " + PATH);
  static final Pattern CREATE_UNIQUE_INDEX = of("CREATE UNIQUE INDEX (" + NAME + ") ON .*");
  static final Pattern RESTART = of("ALTER SEQUENCE " + PATH + " .*RESTART.*");

  private Forms() {}

  /** Where a form has a space, there may be any white space. */
  private static Pattern of(String form) {
    return Pattern.compile(form.replace(" ", "\\s+"), Pattern.DOTALL);
  }
}
