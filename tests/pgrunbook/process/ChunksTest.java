package pgrunbook.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChunksTest {
  @Test
  void a_reader_that_dies_is_an_end_that_says_so() throws Exception {
    // given
    var from =
        new InputStream() {
          @Override
          public int read() {
            throw new IllegalStateException("no more of this");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            return read();
          }
        };
    var chunks = new Chunks(from, "dies");
    // then
    assertThat(chunks.await(Duration.ofSeconds(10))).isEqualTo(Chunks.Next.END);
    assertThat(chunks.broken().orElseThrow()).hasMessageContaining("no more of this");
  }
}
