package pgrunbook.diagnosis;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.postgres.Rows;
import pgrunbook.text.Durations;

/** Whether server and machine agree what time it is: names, ages and retention go by it. */
record Clock(Limits limits) implements Check {
  @Override
  public String about() {
    return "the server's clock";
  }

  @Override
  public List<Finding> look(Connection connection) throws SQLException {
    var before = Instant.now();
    var there =
        Rows.first(
                connection,
                "SELECT clock_timestamp()",
                row -> row.getObject(1, OffsetDateTime.class).toInstant())
            .orElseThrow();
    var after = Instant.now();
    return List.of(judged(before, there, after, limits.clock()));
  }

  /** The answer was true at some moment between the two: only what is outside counts. */
  static Finding judged(Instant before, Instant there, Instant after, Duration limit) {
    var behind = Duration.between(there, before);
    var ahead = Duration.between(after, there);
    var off = behind.compareTo(ahead) > 0 ? behind : ahead;
    if (off.compareTo(limit) <= 0) {
      return new Fine("the server's clock agrees with this machine's");
    }
    return new Trouble(
        "the server's clock is "
            + Durations.shown(off)
            + (off.equals(behind) ? " behind" : " ahead of")
            + " this machine's",
        "on whichever is wrong: timedatectl set-ntp true");
  }
}
