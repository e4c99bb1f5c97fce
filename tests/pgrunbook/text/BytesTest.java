package pgrunbook.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 kB",
    "1434, 1.4 kB",
    "398079, 389 kB",
    "12574055, 12.0 MB",
    "1073741824, 1.0 GB",
    "5497558138880, 5.0 TB",
    "5629499534213120, 5120 TB"
  })
  void a_size_is_said_in_the_largest_unit_that_fits(long bytes, String shown) {
    assertThat(Bytes.shown(bytes)).isEqualTo(shown);
  }
}
