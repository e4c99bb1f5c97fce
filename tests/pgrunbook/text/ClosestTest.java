package pgrunbook.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClosestTest {
  private static final List<String> KNOWN = List.of("services", "service", "database");

  @Test
  void a_slip_is_told_from_another_word() {
    assertThat(Closest.to("servces", KNOWN)).contains("services");
    assertThat(Closest.to("servic", KNOWN)).contains("service");
    assertThat(Closest.to("databsae", KNOWN)).contains("database");
    assertThat(Closest.to("maintenance", KNOWN)).isEmpty();
  }

  @Test
  void a_hint_names_the_nearest_or_all_or_says_that_there_is_none() {
    assertThat(Closest.hint("databse", KNOWN)).isEqualTo("did you mean 'database'?");
    assertThat(Closest.hint("maintenance", KNOWN)).isEqualTo("known: services, service, database");
    assertThat(Closest.hint("x", List.of())).isEqualTo("there is none");
  }
}
