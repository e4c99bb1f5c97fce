package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.backup.BackupFolder;
import pgrunbook.backup.Manifest;
import pgrunbook.backup.Manifests;
import pgrunbook.backup.StoredBackup;
import pgrunbook.testing.PostgresServer;
import pgrunbook.testing.TestWorld;

class BackupsRetainTest {
  @TempDir private Path project;

  private final BackupsRetain action = new BackupsRetain();
  private TestWorld world;
  private List<String> made;

  /** Five backups of the same content, oldest first, and what must not be touched. */
  @BeforeEach
  void makeBackups() throws Exception {
    var database = PostgresServer.shared().createDatabase("retain");
    world = TestWorld.in(project, database);
    made = new ArrayList<>();
    for (var i = 0; i < 3; i++) {
      made.add(Sample.backup(world, "{format: " + (i == 0 ? "directory" : "plain") + "}").file());
    }
    Sample.backup(world, "{format: plain, label: pre-restore}");
    Sample.backup(world, "{format: plain, label: pre-undo}");
    Files.writeString(world.backups().resolve("mine.txt"), "not a backup");
    Files.copy(project.resolve(made.get(1)), world.backups().resolve("by-hand.sql"));
    var other = made.get(1).replace("-test-", "-prod-");
    Files.copy(project.resolve(made.get(1)), project.resolve(other));
  }

  @AfterEach
  void close() {
    world.close();
  }

  private List<String> own() throws Exception {
    return new BackupFolder(world.backups())
        .backups().stream()
            .filter(it -> it.isOf("test", world.target().database(), server()) && !it.isWayBack())
            .map(it -> "backups/" + it.name())
            .toList();
  }

  private static Manifest ofNoEnvironment(Manifest it) {
    return new Manifest(
        it.version(),
        it.created(),
        it.label(),
        Optional.empty(),
        it.format(),
        it.files(),
        it.dumpVersion(),
        it.toolVersion(),
        it.source(),
        it.fingerprint());
  }

  private String server() {
    return world.cluster().server().systemIdentifier();
  }

  private int everything() throws Exception {
    return Sample.files(world.backups()).size();
  }

  @Test
  void a_plan_says_what_goes_and_why_the_others_stay_and_removes_nothing() throws Exception {
    // given
    var before = Sample.files(project);
    // when
    var in = world.input(action, "{keep: 2}");
    var preview = action.preview(in, world.planning("retain"));
    var coming =
        action.preview(
            in,
            world
                .holding(new Claim.SafetyBackup(world.target().database(), "‹steps.backup.file›"))
                .planning("retain"));
    // then
    assertThat(preview.effect()).isEqualTo(Effect.DESTRUCTIVE);
    assertThat(preview.commands()).hasSize(1);
    assertThat(preview.commands().getFirst()).startsWith("remove " + made.getFirst() + " (taken ");
    assertThat(preview.facts())
        .extracting(fact -> fact.value())
        .containsExactly(
            made.get(2) + ": one of the newest 2", made.get(1) + ": one of the newest 2");
    assertThat(coming.commands()).hasSize(2);
    assertThat(Sample.files(project)).isEqualTo(before);
  }

  @Test
  void only_own_backups_go_whole_with_their_manifests() throws Exception {
    // given
    var before = everything();
    // when
    var output = Sample.run(action, world, "{keep: 1}");
    // then
    assertThat(output.removed()).containsExactly(made.get(0), made.get(1));
    assertThat(own()).containsExactly(made.get(2));
    assertThat(world.backups().resolve("by-hand.sql")).exists();
    assertThat(world.backups().resolve("mine.txt")).exists();
    assertThat(everything()).isLessThan(before);
    assertThat(Manifests.beside(project.resolve(made.get(0)))).doesNotExist();
    // and again there is nothing to do
    assertThat(Sample.run(action, world, "{keep: 1}").removed()).isEmpty();
  }

  @Test
  void young_ones_stay_and_a_label_names_the_ways_back() throws Exception {
    assertThat(Sample.run(action, world, "{keep_days: 1}").removed()).isEmpty();
    assertThat(Sample.run(action, world, "{keep: 1, label: pre-restore}").removed()).isEmpty();
    assertThat(own()).hasSize(3);
  }

  @Test
  void the_newest_that_is_good_stays_and_what_is_damaged_does_not_count() throws Exception {
    // given
    for (var damaged : List.of(made.get(1), made.get(2))) {
      var file = project.resolve(damaged);
      Files.writeString(file, Files.readString(file).replace("SET", "set")); // the same size
    }
    // when, then
    assertThatThrownBy(() -> Sample.run(action, world, "{keep: 1}"))
        .isInstanceOf(StepFailed.class)
        .hasMessageStartingWith(made.get(2) + " is damaged, nothing was removed: ");
    assertThat(own()).hasSize(3);
    // and where its size tells, the plan knows it already
    for (var damaged : List.of(made.get(1), made.get(2))) {
      Files.writeString(
          project.resolve(damaged), "\n-- more", java.nio.file.StandardOpenOption.APPEND);
    }
    assertThat(Sample.run(action, world, "{keep: 1}").removed()).containsExactly(made.get(1));
    assertThat(own()).containsExactly(made.get(0), made.get(2));
  }

  @Test
  void what_a_run_that_is_not_over_names_stays() throws Exception {
    // given
    var run = Files.createDirectories(project.resolve(".pgrunbook/runs/20260101-000000-abcd"));
    var journal = run.resolve("journal.jsonl");
    Files.writeString(journal, "{\"event\":\"started\",\"backup\":\"" + made.get(0) + "\"}\n");
    // when, then
    assertThat(Sample.run(action, world, "{keep: 2}").removed()).isEmpty();
    Files.writeString(
        journal, Files.readString(journal) + "{\"event\":\"over\",\"outcome\":\"done\"}\n");
    assertThat(Sample.run(action, world, "{keep: 2}").removed()).containsExactly(made.get(0));
  }

  @Test
  void a_removal_that_was_cut_short_is_found_and_finished() throws Exception {
    // given
    var in = world.input(action, "{keep: 1}");
    var intent = TestWorld.journaled(action.intend(in, Optional.empty(), world.look("retain")));
    assertThat(action.inspect(in, intent, world.look("retain")))
        .isInstanceOf(Observed.NotDone.class);
    var first = project.resolve(made.get(0));
    Files.move(first, first.resolveSibling(first.getFileName() + ".part"));
    // when
    assertThat(new BackupFolder(world.backups()).unfinished()).hasSize(1);
    var again = action.intend(in, Optional.of(intent), world.look("retain"));
    action.run(in, again, world.act("retain"));
    // then
    assertThat(own()).containsExactly(made.get(2));
    assertThat(new BackupFolder(world.backups()).unfinished()).isEmpty();
    assertThat(action.inspect(in, intent, world.look("retain"))).isInstanceOf(Observed.Done.class);
  }

  @Test
  void what_another_run_has_come_to_need_meanwhile_stays_although_it_was_to_go() throws Exception {
    // given
    var in = world.input(action, "{keep: 1}");
    var intent = action.intend(in, Optional.empty(), world.look("retain"));
    var run = Files.createDirectories(project.resolve(".pgrunbook/runs/20260101-000000-abcd"));
    Files.writeString(
        run.resolve("journal.jsonl"),
        "{\"event\":\"started\",\"backup\":\"" + made.get(0) + "\"}\n");
    // when
    var output = action.run(in, intent, world.act("retain"));
    // then
    assertThat(output.removed()).containsExactly(made.get(1));
    assertThat(own()).containsExactly(made.get(0), made.get(2));
  }

  @Test
  void backups_of_another_server_and_of_a_longer_name_are_not_own() throws Exception {
    // given
    var backup = new BackupFolder(world.backups()).backups().getFirst();
    var database = world.target().database();
    var manifest = backup.manifest().orElseThrow();
    // when
    var longer =
        new StoredBackup(
            backup.path().resolveSibling(database + "-eu-test-20260101T000000Z.dir"),
            backup.format(),
            Optional.of(ofNoEnvironment(manifest)),
            backup.created(),
            backup.size(),
            Optional.empty());
    // then
    assertThat(backup.isOf("test", database, server())).isTrue();
    assertThat(backup.isOf("test", database, "4711")).isFalse();
    assertThat(longer.isOf("test", database, server())).isFalse();
  }

  @Test
  void without_a_number_or_a_time_it_is_a_problem() {
    var in = world.input(action, "{keep: 0}");
    assertThat(action.preview(in, world.planning("retain")).problems().getFirst().what())
        .isEqualTo("nothing says which backups stay");
  }
}
