package pgrunbook.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S, 0.0 s",
    "PT0.44S, 0.4 s",
    "PT12.9S, 12 s",
    "PT60S, 1 min",
    "PT3M5S, 3 min 5 s",
    "PT2H, 2 h",
    "PT2H5M59S, 2 h 5 min",
    "P1DT3H20M, 1 d 3 h"
  })
  void a_duration_is_said_in_its_two_largest_units(Duration duration, String shown) {
    assertThat(Durations.shown(duration)).isEqualTo(shown);
  }
}
