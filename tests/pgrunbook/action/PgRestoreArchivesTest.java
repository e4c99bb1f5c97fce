package pgrunbook.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.postgres.Tools;
import pgrunbook.process.Children;

class PgRestoreArchivesTest {
  @TempDir private Path folder;

  @Test
  void an_archive_is_read_to_its_end() throws Exception {
    try (var in = archives("echo a warning >&2").plain(folder, List.of("--schema-only"))) {
      assertThat(in.readAllBytes()).asString().isEqualTo("-f - --schema-only " + folder + "\n");
    }
  }

  /** It ends with 0, and would restore tables without rows. */
  @Test
  @Tag("fault")
  void a_pg_restore_that_was_built_without_the_compression_is_refused() throws Exception {
    var warning =
        "pg_restore: warning: archive is compressed, but this installation does not support"
            + " compression (this build does not support compression with ZSTD) -- no data will be"
            + " available";
    try (var in = archives("echo '" + warning + "' >&2").plain(folder, List.of())) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class).hasMessage(warning);
    }
  }

  private PgRestoreArchives archives(String more) throws IOException {
    var program = folder.resolve("pg_restore");
    Files.writeString(
        program,
        """
        #!/bin/sh
        case $1 in --version) echo 'pg_restore (PostgreSQL) 17.1'; exit;; esac
        echo "$@"
        %s
        """
            .formatted(more));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    var named = Map.of("PGRUNBOOK_PG_BIN", folder.toString(), "PATH", System.getenv("PATH"));
    var children = new Children();
    return new PgRestoreArchives(Tools.find(named, Optional.empty(), children), children);
  }
}
