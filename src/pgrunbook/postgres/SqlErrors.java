package pgrunbook.postgres;

import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;

/** Says what the server or the driver said, with a hint for the usual cases. */
final class SqlErrors {
  private SqlErrors() {}

  static PostgresException connecting(SQLException e, Connector to, String database) {
    var context = "cannot connect to database '" + database + "' as " + to;
    return unreachable(e)
        .map(known ->
            new PostgresException(
                new Problem(
                    Place.NONE, context + ": " + known.problem().what(), known.problem().hint()),
                "08001",
                e))
        .orElseGet(() -> of(e, context));
  }

  private static Optional<Unreachable> unreachable(Throwable e) {
    return Stream.iterate(e, cause -> cause != null, Throwable::getCause)
        .filter(Unreachable.class::isInstance)
        .map(Unreachable.class::cast)
        .findFirst();
  }

  static PostgresException in(SQLException e, String database) {
    return of(e, "in database '" + database + "'");
  }

  private static PostgresException of(SQLException e, String context) {
    var state = Optional.ofNullable(e.getSQLState()).orElse("");
    var server = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
    var code = state.isEmpty() ? "" : " (SQLSTATE " + state + ")";
    var what = context + ": " + words(e, server) + code;
    var hint = hint(state).or(() -> hintOf(server));
    return new PostgresException(new Problem(Place.NONE, what, hint), state, e);
  }

  private static String words(SQLException e, @Nullable ServerErrorMessage server) {
    if (server == null || server.getMessage() == null) {
      var driver = Optional.ofNullable(e.getMessage()).orElse("no reason given");
      return lowercase(driver.lines().findFirst().orElse(driver).replaceFirst("\\.$", ""));
    }
    var detail = Optional.ofNullable(server.getDetail()).map(d -> ": " + lowercase(d)).orElse("");
    return lowercase(server.getMessage()) + detail.replaceFirst("\\.$", "");
  }

  private static Optional<String> hintOf(@Nullable ServerErrorMessage server) {
    return Optional.ofNullable(server)
        .flatMap(message -> Optional.ofNullable(message.getHint()))
        .map(hint -> lowercase(hint).replaceFirst("\\.$", ""));
  }

  static String lowercase(String text) {
    var keep = text.length() < 2 || Character.isUpperCase(text.charAt(1));
    return keep ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }

  private static Optional<String> hint(String state) {
    return Optional.ofNullable(
        switch (state) {
          case "08001" -> "does the server run, and does it listen on that host and port?";
          case "08004" -> "give a password in the environment file, in PGPASSFILE or ~/.pgpass";
          case "08003", "08006", "57P01", "57P02" ->
              "the connection was lost: look into the server's log, then try again";
          case "28P01" ->
              "check user and password; POSTGRES_PASSWORD in .env is only read when a container's"
                  + " cluster is made, and may be outdated";
          case "28000" -> "check the user, and the server's pg_hba.conf";
          case "3D000" -> "check the database's name: 'psql -l' lists what there is";
          case "42501" -> "the role may not do that: use the owner of it, or a superuser";
          case "53100" -> "free some space on the server's disk";
          case "53300" -> "end idle sessions, or raise max_connections";
          case "55006" -> "end the sessions that use it first";
          case "57P03" -> "wait until the server has started, then try again";
          default -> null;
        });
  }
}
