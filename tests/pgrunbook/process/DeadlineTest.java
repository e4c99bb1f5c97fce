package pgrunbook.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  @Test
  void without_a_limit_nothing_expires() {
    assertThat(Deadline.none().expired()).isFalse();
    assertThat(Deadline.none().remaining()).isEmpty();
    assertThat(Deadline.none().atMost(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void what_is_over_has_nothing_left() {
    var past = Deadline.at(Instant.now().minusSeconds(5));
    assertThat(past.expired()).isTrue();
    assertThat(past.remaining()).contains(Duration.ZERO);
  }

  @Test
  void the_earlier_of_two_counts() {
    var soon = Deadline.in(Duration.ofSeconds(10));
    var late = Deadline.in(Duration.ofHours(1));
    assertThat(late.or(soon)).isEqualTo(soon);
    assertThat(soon.or(late)).isEqualTo(soon);
    assertThat(soon.or(Deadline.none())).isEqualTo(soon);
    assertThat(Deadline.none().or(late)).isEqualTo(late);
  }
}
