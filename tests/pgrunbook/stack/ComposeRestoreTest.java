package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.WithDocker;

/** Backups and restores of the production project, as an operator does them. */
@WithDocker
class ComposeRestoreTest {
  private static TestStack stack;

  @BeforeAll
  static void up() {
    stack = TestStack.prod().up();
  }

  @AfterEach
  void reset() {
    stack.reset();
  }

  @AfterAll
  static void down() {
    stack.close();
  }

  @Test
  void a_dry_run_shows_the_plan_and_changes_nothing() {
    // given
    var shop = Shop.note(stack).dumpedByHand("hand.sql").spoilt();
    var before = shop.now();
    var files = Folder.names(stack.backups());
    // when
    var plan = stack.run("run", "restore-prod", "--dry-run").exits(0);
    // then
    assertThat(plan.out())
        .contains("PostgreSQL 17", "in service postgres of Compose project " + stack.project())
        .contains("service backend: running, healthy, restart: unless-stopped")
        .contains("docker compose -f docker-compose.prod.yml stop backend")
        .contains("exec -T --user", "-e PGPASSWORD postgres psql", "-f /backups/hand.sql");
    assertThat(shop.now()).isEqualTo(before);
    assertThat(Folder.names(stack.backups())).isEqualTo(files);
    assertThat(stack.isUp("backend")).isTrue();
    assertThat(shop.databases()).containsExactly("shop");
    stack.awaitWrite();
  }

  @Test
  void a_plain_dump_made_by_hand_is_restored_and_nothing_is_written_meanwhile() {
    // given
    var shop = Shop.note(stack).dumpedByHand("hand.sql").spoilt();
    // when
    var ended = shop.restore().end().exits(0);
    // then
    shop.assertSilentDuringTheRestore();
    shop.assertRestored();
    assertThat(ended.out()).contains("verify: content equal to the backup's");
    assertThat(shop.databases()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "gzip", "custom", "directory"})
  void a_backup_of_our_own_is_restored(String format) {
    // given
    var shop = Shop.note(stack);
    stack.run("run", "backup-prod", "--set", "format=" + format).exits(0);
    shop.spoilt();
    // when
    var ended = shop.restore().end().exits(0);
    // then
    shop.assertSilentDuringTheRestore();
    shop.assertRestored();
    assertThat(ended.out()).contains("fingerprint of the backup");
  }

  @Test
  void what_a_run_writes_belongs_to_its_user() throws Exception {
    // when
    stack.run("run", "backup-prod", "--set", "format=directory").exits(0);
    // then
    var owner = Files.getOwner(stack.folder());
    try (var files = Files.walk(stack.backups())) {
      for (var file : files.toList()) {
        assertThat(Files.getOwner(file)).as(file.toString()).isEqualTo(owner);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"custom", "plain", "gzip"})
  void without_a_mounted_folder_backups_go_through_the_standard_streams(String format) {
    // given
    var shop = Shop.note(stack);
    stack.edited("runbooks/environments/prod.yaml", "  dir: backups", "  dir: elsewhere");
    stack.run("run", "backup-prod", "--set", "format=" + format).exits(0);
    shop.spoilt();
    // when
    var plan = stack.run("run", "restore-prod", "--dry-run").exits(0);
    shop.restore().end().exits(0);
    // then
    assertThat(plan.out()).doesNotContain("--jobs", "--file=", "/elsewhere");
    shop.assertRestored();
    assertThat(Folder.names(stack.folder().resolve("elsewhere")))
        .anyMatch(name -> name.contains("pre-restore"));
  }

  @Test
  void a_directory_needs_the_mounted_folder_and_the_plan_says_so() {
    // given
    stack.edited("runbooks/environments/prod.yaml", "  dir: backups", "  dir: elsewhere");
    // when
    var refused = stack.run("run", "backup-prod", "--set", "format=directory").exits(3);
    // then
    assertThat(refused.said())
        .contains("pg_dump runs in a container, which does not see the folder of")
        .contains("choose format: custom");
  }

  @Test
  void the_old_database_can_be_dropped_at_once_and_rolled_back_from_the_safety_backup() {
    // given
    var shop = Shop.note(stack).dumpedByHand("hand.sql").spoilt();
    var spoilt = shop.now();
    shop.restore("--set", "keep_old=false").end().exits(0);
    assertThat(shop.databases()).containsExactly("shop");
    shop.assertRestored();
    // when
    stack.run("rollback", shop.runs().latest(), "--confirm", "shop").exits(0);
    // then
    assertThat(shop.now()).isEqualTo(spoilt);
    assertThat(stack.isUp("backend")).isTrue();
    stack.awaitWrite();
  }

  @Test
  void development_is_restored_from_a_dump_of_production() {
    try (var dev = TestStack.dev().up()) {
      // given
      var shop = Shop.note(dev).dumpedByHand("hand.sql").spoilt();
      // when
      var plan = dev.run("run", "restore-dev", "--set", "backup=hand.sql", "--dry-run").exits(0);
      dev.run("run", "restore-dev", "--set", "backup=hand.sql").exits(0);
      // then
      assertThat(plan.out()).contains("-p " + dev.project());
      shop.assertRestored();
      assertThat(shop.databases()).containsExactly("shop");
      // and
      dev.run("run", "backup-dev").exits(0);
      shop.spoilt();
      dev.run("run", "restore-dev").exits(0);
      shop.assertRestored();
    }
  }

  /** Names of what is in a folder. */
  private static final class Folder {
    private static List<String> names(Path folder) {
      try (var files = Files.list(folder)) {
        return files.map(file -> file.getFileName().toString()).sorted().toList();
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
