package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Observed;
import pgrunbook.expression.Late;
import pgrunbook.testing.TestWorld;

class PostgresDiscardBackupTest {
  private static final String FILE = "backups/app.dump";

  private final PostgresDiscardBackup action = new PostgresDiscardBackup();
  private final PostgresDiscardBackup.Input input =
      new PostgresDiscardBackup.Input(Late.known(FILE));
  private final PostgresDiscardBackup.Intent intent = new PostgresDiscardBackup.Intent(FILE);
  private TestWorld world;
  private Path file;
  private Path part;
  private Path manifest;

  @BeforeEach
  void a_backups_folder(@TempDir Path folder) {
    world = TestWorld.in(folder, "app");
    file = folder.resolve(FILE);
    part = folder.resolve(FILE + ".part");
    manifest = folder.resolve(FILE + ".manifest.json");
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void a_plan_says_what_is_removed_and_removes_nothing() throws IOException {
    // given
    Files.writeString(part, "half");
    // when
    var preview = action.preview(input, world.planning("backup/undo"));
    // then
    assertThat(preview.commands()).first().isEqualTo("remove backups/app.dump.part");
    assertThat(part).exists();
  }

  @Test
  void what_is_unfinished_is_removed() throws Exception {
    // given
    Files.writeString(part, "half");
    assertThat(action.inspect(input, intent, world.look("backup/undo")))
        .isInstanceOf(Observed.NotDone.class);
    // when
    var output =
        action.run(
            input,
            action.intend(input, Optional.empty(), world.look("backup/undo")),
            world.act("backup/undo"));
    // then
    assertThat(output.kept()).isFalse();
    assertThat(part).doesNotExist();
    assertThat(action.inspect(input, intent, world.look("backup/undo")))
        .isEqualTo(new Observed.Done<>(output));
  }

  @Test
  void a_finished_backup_is_kept() throws Exception {
    // given
    Files.writeString(file, "whole");
    Files.writeString(manifest, "{}");
    // when
    var output = action.run(input, intent, world.act("backup/undo"));
    // then
    assertThat(output.kept()).isTrue();
    assertThat(file).exists();
    assertThat(manifest).exists();
  }

  @Test
  void a_file_whose_manifest_was_never_written_is_not_finished() throws Exception {
    // given
    Files.writeString(file, "whole?");
    assertThat(action.inspect(input, intent, world.look("backup/undo")))
        .isInstanceOf(Observed.NotDone.class);
    // when
    action.run(input, intent, world.act("backup/undo"));
    // then
    assertThat(file).doesNotExist();
  }
}
