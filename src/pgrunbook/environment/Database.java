package pgrunbook.environment;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import pgrunbook.text.Secret;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;

/** The database that an environment is about, and how to reach its server. */
public record Database(
    @Doc("name of the database") String name,
    @Doc("host of the server; not with compose") @Default(HERE) String host,
    @Doc("port of the server; with compose, inside its container") @Default("5432") int port,
    @Doc("role that owns and restores the database") String user,
    @Doc("password of the role; better ${env.…} than the text itself") Optional<Secret> password,
    @Doc("libpq's sslmode, such as require or verify-full") Optional<String> sslmode) {
  static final String HERE = "localhost";
  private static final int LONGEST = 63;

  public Database {
    if (name.isBlank()) {
      throw new IllegalArgumentException("the database's name is empty");
    }
    for (var text : List.of(name, user)) {
      if (text.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            "the name of a database or role has no line breaks or other control characters");
      }
    }
    if (user.isBlank()) {
      throw new IllegalArgumentException("the role's name is empty");
    }
    if (name.equals("template0") || name.equals("template1")) {
      throw new IllegalArgumentException(
          "the database " + name + " is what new databases are copied from, and no application's");
    }
    var bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LONGEST) {
      throw new IllegalArgumentException(
          "the database's name has %d bytes: PostgreSQL cuts names after %d"
              .formatted(bytes, LONGEST));
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
    }
  }
}
