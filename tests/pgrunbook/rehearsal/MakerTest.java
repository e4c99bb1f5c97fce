package pgrunbook.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MakerTest {
  private final Maker self = Maker.current();

  @Test
  void a_maker_that_runs_is_not_gone() {
    assertThat(self.isGone()).isFalse();
  }

  @Test
  void a_later_process_with_the_same_number_is_not_the_maker() {
    assertThat(new Maker(self.pid(), "earlier", self.machine()).isGone()).isTrue();
  }

  @Test
  void a_process_that_is_not_there_is_gone() {
    assertThat(new Maker(Integer.MAX_VALUE, self.started(), self.machine()).isGone()).isTrue();
  }

  @Test
  void nobody_is_gone_who_works_on_another_machine() {
    assertThat(new Maker(Integer.MAX_VALUE, self.started(), "elsewhere").isGone()).isFalse();
  }

  @Test
  void a_maker_is_read_as_it_was_written(@TempDir Path folder) throws IOException {
    var file = folder.resolve("maker");
    self.write(file);
    assertThat(Maker.read(file)).contains(self);
  }

  @Test
  void a_file_that_was_not_written_to_its_end_names_nobody(@TempDir Path folder)
      throws IOException {
    var file = Files.writeString(folder.resolve("maker"), self.pid() + "\n");
    assertThat(Maker.read(file)).isEmpty();
  }
}
