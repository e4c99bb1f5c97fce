package pgrunbook.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Call;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Observed;
import pgrunbook.action.StepFailed;
import pgrunbook.journal.Entry;
import pgrunbook.journal.Event;
import pgrunbook.journal.StepState.Status;
import pgrunbook.testing.FakeAction;
import pgrunbook.testing.FakeAction.Intent;
import pgrunbook.testing.FakeAction.Output;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;

/** What the engine does with steps that succeed, fail, hang, and are killed. */
class EngineTest {
  private static final String ONE_TWO =
      """
        - {id: one, action: fake.one}
        - {id: two, action: fake.two, with: {value: "${steps.one.value}"}}
      """;

  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void makeBench() {
    bench = new Bench(folder);
  }

  private static StepFailed failure() {
    return new StepFailed("the disk is full", "free some space");
  }

  private static void assertFailed(Outcome outcome, String step, String what) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    var failed = (Outcome.Failed) outcome;
    assertThat(failed.step().text()).isEqualTo(step);
    assertThat(failed.problem().what()).contains(what);
  }

  private static void assertDenied(Outcome outcome, String what) {
    assertThat(outcome).isInstanceOf(Outcome.Denied.class);
    assertThat(((Outcome.Denied) outcome).problems()).extracting(Problem::what).contains(what);
  }

  /** A first process that comes to its end before the run does. */
  private void killed(String steps) {
    assertThatThrownBy(() -> bench.run(steps)).isInstanceOf(Bench.Killed.class);
  }

  private static Outcome.Completed done() {
    return new Outcome.Completed(false);
  }

  private static Outcome.Completed rolledBack() {
    return new Outcome.Completed(true);
  }

  @Test
  void steps_run_in_their_order_and_hand_their_outputs_on() {
    // given
    bench.action("fake.one").does((_, _, _) -> new Output("b.dump"));
    bench.action("fake.two");
    // when
    var outcome = bench.run(ONE_TWO);
    // then
    assertThat(outcome).isEqualTo(done());
    assertThat(bench.calls).containsExactly("run one", "run two");
    assertThat(bench.state().step("two").outputs().path("value").asText()).isEqualTo("b.dump");
    assertThat(bench.state().status()).isEqualTo("done");
  }

  @Test
  void the_intent_is_on_the_disk_before_the_effect() {
    // given
    var seen = new AtomicReference<Status>();
    bench
        .action("fake.one")
        .does((_, _, _) -> {
          seen.set(bench.state().step("one").status());
          return new Output("x");
        });
    // when
    bench.run("  - {id: one, action: fake.one}\n");
    // then
    assertThat(seen.get()).isEqualTo(Status.STARTED);
  }

  @Test
  void a_step_that_an_earlier_process_finished_is_not_run_again_and_its_outputs_survive() {
    // given
    bench.action("fake.one").does((_, _, _) -> new Output("b.dump"));
    bench.action("fake.two");
    bench.killAfter(Event.STARTED, "two");
    killed(ONE_TWO);
    // when
    var outcome = bench.resume();
    // then
    assertThat(outcome).isEqualTo(done());
    assertThat(bench.calls).containsExactly("inspect two", "run two");
    assertThat(bench.state().step("two").outputs().path("value").asText()).isEqualTo("b.dump");
  }

  @Test
  void an_effect_that_was_not_recorded_any_more_is_found_and_not_repeated() {
    // given
    bench.action("fake.one").finds(() -> new Observed.Done<>(new Output("found.dump")));
    bench.action("fake.two");
    bench.killBefore(Event.FINISHED, "one");
    killed(ONE_TWO);
    assertThat(bench.calls).containsExactly("run one");
    // when
    var outcome = bench.resume();
    // then
    assertThat(outcome).isEqualTo(done());
    assertThat(bench.calls).containsExactly("inspect one", "run two");
    assertThat(bench.state().step("two").outputs().path("value").asText()).isEqualTo("found.dump");
  }

  @Test
  void sessions_of_the_killed_attempt_are_ended_before_anybody_looks() {
    // given
    bench
        .action("fake.one")
        .finds(() -> {
          bench.calls.add("ghosts: " + bench.cluster.ghosts.size());
          return new Observed.NotDone<>();
        });
    bench.killAfter(Event.STARTED, "one");
    killed("  - {id: one, action: fake.one}\n");
    bench.cluster.ghosts.add(4711);
    // when
    bench.resume();
    // then
    assertThat(bench.cluster.ended).contains("pgrunbook/" + Bench.RUN + "/");
    assertThat(bench.calls).containsExactly("inspect one", "ghosts: 0", "run one");
    assertThat(bench.entries()).extracting(Entry::event).contains(Event.GHOSTS);
    assertThat(bench.notes).contains("ended 1 session(s) that an earlier attempt had left");
  }

  @Test
  @Tag("fault")
  void sessions_of_a_step_that_is_over_are_ended_before_the_next_one() {
    // given
    bench.action("fake.one");
    bench.action("fake.two").does((_, _, _) -> ghosts());
    bench.killAfter(Event.FINISHED, "one");
    killed(ONE_TWO);
    bench.cluster.ghosts.add(4711);
    // when
    bench.resume();
    // then
    assertThat(bench.calls).containsExactly("run two", "ghosts: 0");
  }

  @Test
  @Tag("fault")
  void sessions_of_a_failed_attempt_are_ended_before_the_next_one() {
    // given
    bench
        .action("fake.one")
        .does((_, intent, _) -> {
          if (intent.attempt() > 1) {
            return ghosts();
          }
          bench.cluster.ghosts.add(4711);
          throw failure();
        });
    // when
    bench.run("  - {id: one, action: fake.one, retry: {max_attempts: 2, delay: 1ms}}\n");
    // then
    assertThat(bench.calls).containsExactly("run one", "inspect one", "run one", "ghosts: 0");
  }

  private Output ghosts() {
    bench.calls.add("ghosts: " + bench.cluster.ghosts.size());
    return new Output("x");
  }

  @Test
  void the_second_attempt_is_handed_the_intent_of_the_first() {
    // given
    var intents = new ArrayList<Intent>();
    bench
        .action("fake.one")
        .finds(() -> new Observed.Partly<>("half of it"))
        .does((_, intent, _) -> {
          intents.add(intent);
          return new Output("x");
        });
    bench.killAfter(Event.STARTED, "one");
    killed("  - {id: one, action: fake.one}\n");
    // when
    bench.resume();
    // then
    assertThat(intents).containsExactly(new Intent(2, 1));
    assertThat(bench.notes).contains("one: an earlier attempt came part of the way: half of it");
  }

  @Test
  void a_step_that_an_older_version_started_is_not_guessed_at() {
    // given
    var action = bench.action("fake.one");
    bench.killAfter(Event.STARTED, "one");
    killed("  - {id: one, action: fake.one}\n");
    action.ofVersion(2);
    // when
    var outcome = bench.resume();
    // then
    assertDenied(outcome, "step one was started by version 1 of fake.one, this is version 2");
    assertThat(bench.calls).isEmpty();
  }

  @Test
  void a_failed_step_is_tried_again_with_growing_pauses() {
    // given
    var attempts = new AtomicInteger();
    bench
        .action("fake.one")
        .does((_, _, _) -> {
          if (attempts.incrementAndGet() < 3) {
            throw failure();
          }
          return new Output("x");
        });
    // when
    var outcome =
        bench.run(
            """
              - id: one
                action: fake.one
                retry: {max_attempts: 3, delay: 40ms, backoff: 3}
            """);
    // then
    assertThat(outcome).isEqualTo(done());
    assertThat(bench.calls)
        .containsExactly("run one", "inspect one", "run one", "inspect one", "run one");
    assertThat(pause(0)).isGreaterThanOrEqualTo(Duration.ofMillis(40));
    assertThat(pause(1)).isGreaterThanOrEqualTo(Duration.ofMillis(120));
  }

  private Duration pause(int after) {
    return Duration.between(bench.starts.get(after), bench.starts.get(after + 1));
  }

  @Test
  void a_step_that_fails_each_time_fails_the_run_and_can_be_resumed() {
    // given
    var action = bench.action("fake.one").does((_, _, _) -> fail());
    // when
    var outcome =
        bench.run(
            """
              - id: one
                action: fake.one
                retry: {max_attempts: 2, delay: 1ms}
            """);
    // then
    assertFailed(outcome, "one", "the disk is full");
    assertThat(bench.state().step("one").attempts()).isEqualTo(2);
    assertThat(bench.state().status()).isEqualTo("failed");
    // when
    action.does((_, _, _) -> new Output("x"));
    // then
    assertThat(bench.resume()).isEqualTo(done());
  }

  private static Output fail() throws StepFailed {
    throw failure();
  }

  @Test
  void a_step_that_takes_too_long_is_ended_and_fails() {
    // given
    bench
        .action("fake.one")
        .does((_, _, _) -> {
          Thread.sleep(Duration.ofMinutes(5));
          return new Output("x");
        });
    // when
    var outcome = bench.run("  - {id: one, action: fake.one, timeout: 200ms}\n");
    // then
    assertFailed(outcome, "one", "it took longer than 0.2 s");
    assertThat(bench.state().step("one").certain()).isFalse();
  }

  @Test
  void an_interrupt_ends_the_step_and_the_run_can_be_resumed() {
    // given
    var action = bench.action("fake.one").does((_, _, _) -> interrupted());
    bench.action("fake.two");
    // when
    var outcome = bench.run(ONE_TWO);
    // then
    assertThat(outcome).isEqualTo(new Outcome.Interrupted());
    assertThat(bench.events("one")).containsExactly(Event.STARTED, Event.INTERRUPTED);
    assertThat(bench.calls).containsExactly("run one");
    // when
    action.does((_, _, _) -> new Output("x"));
    // then
    assertThat(bench.resume()).isEqualTo(done());
  }

  private Output interrupted() throws InterruptedException {
    bench.stop().request();
    Thread.sleep(Duration.ofMinutes(5));
    return new Output("never");
  }

  @Test
  void an_interrupt_in_a_pause_between_attempts_ends_the_run() {
    // given
    bench
        .action("fake.one")
        .does((_, _, _) -> {
          Thread.ofVirtual()
              .start(() -> {
                try {
                  Thread.sleep(200);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                bench.stop().request();
              });
          throw failure();
        });
    // when
    var outcome =
        bench.run(
            """
              - id: one
                action: fake.one
                retry: {max_attempts: 2, delay: 5m}
            """);
    // then
    assertThat(outcome).isEqualTo(new Outcome.Interrupted());
  }

  @Test
  void on_failure_continue_goes_on_without_the_step() {
    // given
    bench.action("fake.one").does((_, _, _) -> fail());
    bench.action("fake.two");
    // when
    var outcome =
        bench.run(
            """
              - {id: one, action: fake.one, on_failure: continue}
              - {id: two, action: fake.two, with: {value: "${steps.one.value ?? 'nothing'}"}}
            """);
    // then
    assertThat(outcome).isEqualTo(done());
    assertThat(bench.state().step("one").status()).isEqualTo(Status.CONTINUED);
    assertThat(bench.state().step("one").said()).contains("the disk is full");
    assertThat(bench.state().step("two").outputs().path("value").asText()).isEqualTo("nothing");
  }

  @Test
  void on_failure_rollback_undoes_and_still_says_that_the_step_failed() {
    // given
    bench.action("fake.one").undoneBy(new Call("fake.undo", Map.of()));
    bench.action("fake.two").does((_, _, _) -> fail());
    bench.action("fake.undo");
    // when
    var outcome =
        bench.run(
            """
              - {id: one, action: fake.one}
              - {id: two, action: fake.two, on_failure: rollback}
            """);
    // then
    assertFailed(outcome, "two", "the disk is full");
    assertThat(bench.calls).containsExactly("run one", "run two", "run one/undo");
    assertThat(bench.state().status()).isEqualTo("rolled_back");
  }

  @Test
  void a_step_whose_required_one_was_skipped_is_refused() {
    // given
    bench.action("fake.one").does((_, _, _) -> fail());
    bench.action("fake.two");
    // when
    var outcome =
        bench.run(
            """
              - {id: one, action: fake.one, on_failure: continue}
              - {id: two, action: fake.two, requires: [one]}
            """);
    // then
    assertDenied(outcome, "step two requires one, which is not done");
    assertThat(bench.calls).containsExactly("run one");
  }

  @Test
  void a_step_whose_when_is_false_is_skipped() {
    // given
    bench.action("fake.one").does((_, _, _) -> new Output("small"));
    bench.action("fake.two");
    // when
    var outcome =
        bench.run(
            """
              - {id: one, action: fake.one}
              - {id: two, action: fake.two, when: steps.one.value == 'large'}
              - {id: three, action: fake.two, when: steps.one.value == 'small'}
            """);
    // then
    assertThat(outcome).isEqualTo(done());
    assertThat(bench.calls).containsExactly("run one", "run three");
    assertThat(bench.events("two")).containsExactly(Event.SKIPPED);
  }

  @Test
  void a_when_that_turns_out_to_be_neither_true_nor_false_is_refused() {
    // given
    bench.action("fake.one");
    // when
    var outcome =
        bench.run(
            """
              - {id: one, action: fake.one}
              - {id: two, action: fake.one, when: steps.one.value}
            """);
    // then
    assertDenied(outcome, "expected true or false, found a text");
  }

  private void undecided() {
    bench
        .action("fake.one")
        .finds(() -> new Observed.Unknown<>("the program may have run"))
        .does((_, _, _) -> new Output("x"));
    bench.action("fake.two");
    bench.killAfter(Event.STARTED, "one");
    killed(
        """
          - {id: one, action: fake.one}
          - {id: two, action: fake.two}
        """);
  }

  @Test
  void a_step_of_which_nobody_can_tell_waits_for_an_operator() {
    // given
    undecided();
    // when
    var outcome = bench.resume();
    // then
    assertThat(outcome).isInstanceOf(Outcome.Undecided.class);
    var problem = ((Outcome.Undecided) outcome).problem();
    assertThat(problem.what())
        .isEqualTo("nobody can tell how step one ended: the program may have run");
    assertThat(problem.hint().orElseThrow()).contains("--redo one", "--done one");
    assertThat(bench.calls).containsExactly("inspect one");
    assertThat(bench.state().status()).isEqualTo("unknown");
  }

  @Test
  void it_is_run_again_where_the_operator_says_so() {
    // given
    undecided();
    bench.resume();
    bench.decide("one", false);
    // when
    var outcome = bench.resume();
    // then
    assertThat(outcome).isEqualTo(done());
    assertThat(bench.calls).containsExactly("run one", "run two");
  }

  @Test
  void it_is_passed_over_where_the_operator_says_that_it_is_done() {
    // given
    undecided();
    bench.resume();
    bench.decide("one", true);
    // when
    var outcome = bench.resume();
    // then
    assertThat(outcome).isEqualTo(done());
    assertThat(bench.calls).containsExactly("run two");
  }

  @Test
  void a_failure_that_was_seen_to_its_end_is_no_riddle() {
    // given
    var action =
        bench
            .action("fake.one")
            .finds(() -> new Observed.Unknown<>("nobody can look"))
            .does((_, _, _) -> fail());
    bench.run("  - {id: one, action: fake.one}\n");
    action.does((_, _, _) -> new Output("x"));
    // when
    var outcome = bench.resume();
    // then
    assertThat(outcome).isEqualTo(done());
  }

  @Test
  @Tag("fault")
  void a_failure_whose_end_nobody_saw_is_a_riddle() {
    // given
    bench
        .action("fake.one")
        .finds(() -> new Observed.Unknown<>("nobody can look"))
        .does((_, _, _) -> {
          throw new IllegalStateException("an error of its own");
        });
    bench.run("  - {id: one, action: fake.one}\n");
    // when
    var outcome = bench.resume();
    // then
    assertThat(outcome).isInstanceOf(Outcome.Undecided.class);
    assertThat(bench.calls).containsExactly("inspect one");
  }

  private static final Claim.Owes STOPPED = new Claim.Owes("backend", "backend is stopped");

  private FakeAction stopsBackend() {
    return bench.action("fake.one").sees(preview -> preview.leaves(STOPPED));
  }

  @Test
  void what_no_longer_holds_is_established_again_before_a_resumed_run_goes_on() {
    // given
    stopsBackend().finds(Observed.NotDone::new);
    bench.action("fake.two");
    bench.killAfter(Event.STARTED, "two");
    killed(ONE_TWO);
    assertThat(bench.owed()).containsExactly("backend is stopped");
    // when
    var outcome = bench.resume();
    // then
    assertThat(outcome).isEqualTo(done());
    assertThat(bench.calls).startsWith("inspect one").endsWith("run one", "inspect two", "run two");
    assertThat(bench.events("one")).contains(Event.AGAIN);
    assertThat(bench.notes)
        .contains("one does not hold any more (it is as if it had not been done): once more");
  }

  @Test
  void what_still_holds_is_only_looked_at() {
    // given
    stopsBackend().finds(() -> new Observed.Done<>(new Output("x")));
    bench.action("fake.two");
    bench.killAfter(Event.STARTED, "two");
    killed(ONE_TWO);
    // when
    bench.resume();
    // then
    assertThat(bench.calls).containsExactly("inspect one", "inspect two", "run two");
    assertThat(bench.events("one")).doesNotContain(Event.AGAIN);
  }

  @Test
  void what_a_destructive_step_established_is_not_done_twice() {
    // given
    stopsBackend().with(Effect.DESTRUCTIVE).finds(Observed.NotDone::new);
    bench.action("fake.two");
    bench.killAfter(Event.STARTED, "two");
    killed(ONE_TWO);
    // when
    var outcome = bench.resume();
    // then
    assertDenied(
        outcome, "what step one did does not hold any more: it is as if it had not been done");
    assertThat(bench.calls).containsExactly("inspect one");
  }

  @Test
  void before_a_destructive_step_what_was_established_is_looked_at_in_the_first_process_too() {
    // given
    stopsBackend().finds(() -> new Observed.Done<>(new Output("x")));
    bench.action("fake.two").with(Effect.DESTRUCTIVE);
    // when
    bench.run(ONE_TWO);
    // then
    assertThat(bench.calls).containsExactly("run one", "inspect one", "run two");
  }

  @Test
  void after_a_lost_lock_what_was_established_is_looked_at_before_the_next_step() {
    // given
    stopsBackend()
        .finds(() -> new Observed.Done<>(new Output("x")))
        .does((_, _, _) -> {
          bench.lock.lost = Optional.of("the server was restarted");
          return new Output("x");
        });
    bench.action("fake.two");
    // when
    var outcome = bench.run(ONE_TWO);
    // then
    assertThat(outcome).isEqualTo(done());
    assertThat(bench.calls).containsExactly("run one", "inspect one", "run two");
    assertThat(bench.entries())
        .extracting(entry -> entry.text("lost"))
        .contains("the server was restarted");
  }

  @Test
  void a_lost_lock_that_somebody_else_has_by_now_ends_the_run() {
    // given
    bench
        .action("fake.one")
        .does((_, _, _) -> {
          bench.lock.lost = Optional.of("the server was restarted");
          bench.lock.taken = true;
          return new Output("x");
        });
    bench.action("fake.two");
    // when
    var outcome = bench.run(ONE_TWO);
    // then
    assertDenied(
        outcome,
        "another run works on shop: pgrunbook-lock/other of ann@db1 (pid 17, as operator, 10.0.0.7)");
    assertThat(bench.calls).containsExactly("run one");
  }

  @Test
  void an_attempt_that_has_lost_the_lock_is_not_followed_by_another() {
    // given
    bench
        .action("fake.one")
        .does((_, _, _) -> {
          bench.lock.lost = Optional.of("the server was restarted");
          throw new StepFailed("no connection");
        });
    // when
    var outcome =
        bench.run("  - {id: one, action: fake.one, retry: {max_attempts: 3, delay: 0s}}\n");
    // then
    assertFailed(outcome, "one", "no connection");
    assertThat(bench.calls).containsExactly("run one");
  }

  @Test
  void a_step_whose_server_is_silent_for_too_long_is_ended() {
    // given
    bench
        .action("fake.one")
        .does((_, _, _) -> {
          bench.lock.silence = Duration.ofSeconds(91);
          new CountDownLatch(1).await();
          return new Output("x");
        });
    // when
    var outcome = bench.run("  - {id: one, action: fake.one}\n");
    // then
    assertFailed(outcome, "one", "no word from the server for 91 s");
  }

  @Test
  void what_a_run_without_a_lock_has_left_is_ended_before_the_first_step() {
    // given
    bench.action("fake.one");
    bench.cluster.orphans.add(17);
    // when
    var outcome = bench.run("  - {id: one, action: fake.one}\n");
    // then
    assertThat(outcome).isEqualTo(done());
    assertThat(bench.notes)
        .containsExactly("ended 1 session(s) that a run without a lock had left");
    assertThat(bench.entries()).filteredOn(entry -> entry.event().equals(Event.GHOSTS)).hasSize(1);
  }

  @Test
  void another_cluster_under_the_same_address_ends_the_run_before_the_next_step() {
    // given
    bench
        .action("fake.one")
        .does((_, _, _) -> {
          bench.cluster.systemIdentifier = "1";
          return new Output("x");
        });
    bench.action("fake.two");
    // when
    var outcome = bench.run(ONE_TWO);
    // then
    assertThat(outcome).isInstanceOf(Outcome.Denied.class);
    assertThat(bench.calls).containsExactly("run one");
  }

  @Test
  void another_cluster_is_refused_before_anything_is_journaled() {
    // given
    bench.action("fake.one");
    bench.plan("  - {id: one, action: fake.one}\n");
    bench.cluster.systemIdentifier = "1";
    // then
    assertThatThrownBy(bench::resume).isInstanceOf(Refused.class).hasMessageContaining("another");
    assertThat(bench.entries()).extracting(Entry::event).containsExactly(Event.CREATED);
  }

  @Test
  @Tag("fault")
  void another_cluster_or_a_lock_of_somebody_else_ends_a_rollback_before_its_next_undo() {
    // given
    failedInThree();
    var undo = bench.action("fake.undo");
    bench.run(THREE);
    var identifier = bench.cluster.systemIdentifier;
    // when
    undo.does((_, _, _) -> {
      bench.cluster.systemIdentifier = "1";
      return new Output("x");
    });
    // then
    assertDenied(
        bench.rollback(),
        "this is another cluster: system identifier 1, the plan was made for " + identifier);
    assertThat(bench.calls).containsExactly("run three/undo");
    // when
    bench.cluster.systemIdentifier = identifier;
    undo.does((_, _, _) -> {
      bench.lock.lost = Optional.of("the server was restarted");
      bench.lock.taken = true;
      return new Output("x");
    });
    // then
    assertDenied(
        bench.rollback(),
        "another run works on shop: pgrunbook-lock/other of ann@db1 (pid 17, as operator, 10.0.0.7)");
    assertThat(bench.calls).containsExactly("run two/undo");
  }

  @Test
  @Tag("fault")
  void what_a_destructive_step_was_planned_for_and_is_not_seen_any_more_is_refused() {
    // given
    var action =
        bench
            .action("fake.one")
            .with(Effect.DESTRUCTIVE)
            .sees(preview -> preview.identity("oid of shop", 16_384));
    bench.plan("  - {id: one, action: fake.one}\n");
    action.sees(_ -> {});
    // when
    var outcome = bench.resume();
    // then
    assertDenied(outcome, "oid of shop is unknown, the plan was made for 16384");
    assertThat(bench.calls).isEmpty();
  }

  @Test
  void facts_that_changed_since_the_plan_are_refused_before_the_effect() {
    // given
    var action = bench.action("fake.one").sees(preview -> preview.identity("oid of shop", 16_384));
    bench.plan("  - {id: one, action: fake.one}\n");
    action.sees(preview -> preview.identity("oid of shop", 17_000));
    // when
    var outcome = bench.resume();
    // then
    assertDenied(outcome, "oid of shop is 17000, the plan was made for 16384");
    assertThat(bench.events("one")).containsExactly(Event.REFUSED);
    assertThat(bench.calls).isEmpty();
  }

  @Test
  void a_fact_that_is_no_identity_may_change() {
    // given
    var action = bench.action("fake.one").sees(preview -> preview.fact("size of shop", 1));
    bench.plan("  - {id: one, action: fake.one}\n");
    action.sees(preview -> preview.fact("size of shop", 2));
    // then
    assertThat(bench.resume()).isEqualTo(done());
  }

  @Test
  void a_problem_that_came_up_since_the_plan_is_refused_before_the_effect() {
    // given
    var action = bench.action("fake.one");
    bench.plan("  - {id: one, action: fake.one}\n");
    action.sees(preview -> preview.problem("shop is in use", "end it"));
    // when
    var outcome = bench.resume();
    // then
    assertDenied(outcome, "shop is in use");
    assertThat(bench.calls).isEmpty();
  }

  @Test
  void an_output_other_than_the_plan_foresaw_is_refused_and_a_resume_does_not_pass_it_over() {
    // given
    bench
        .action("fake.one")
        .sees(preview -> preview.foresees("value", "a.dump"))
        .finds(() -> new Observed.Done<>(new Output("b.dump")))
        .does((_, _, _) -> new Output("b.dump"));
    bench.action("fake.two");
    // when
    var outcome = bench.run(ONE_TWO);
    // then
    assertDenied(outcome, "value is b.dump, the plan was made for a.dump");
    // when
    var resumed = bench.resume();
    // then
    assertDenied(resumed, "value is b.dump, the plan was made for a.dump");
    assertThat(bench.calls).doesNotContain("run two");
  }

  private static final String THREE =
      """
        - {id: one, action: fake.one}
        - {id: two, action: fake.two}
        - {id: three, action: fake.three}
      """;

  /** Three steps with an undo each; the last one fails. */
  private void failedInThree() {
    for (var name : List.of("fake.one", "fake.two")) {
      bench.action(name).undoneBy(new Call("fake.undo", Map.of("value", "of " + name)));
    }
    bench.action("fake.three").undoneBy(new Call("fake.undo", Map.of())).does((_, _, _) -> fail());
  }

  @Test
  void a_rollback_undoes_last_first_what_may_have_had_an_effect() {
    // given
    failedInThree();
    bench.action("fake.undo");
    bench.run(THREE);
    // when
    var outcome = bench.rollback();
    // then
    assertThat(outcome).isEqualTo(rolledBack());
    assertThat(bench.calls).containsExactly("run three/undo", "run two/undo", "run one/undo");
    assertThat(bench.state().step("two/undo").outputs().path("value").asText())
        .isEqualTo("of fake.two");
    assertThat(bench.state().status()).isEqualTo("rolled_back");
  }

  @Test
  void a_step_that_never_started_is_not_undone() {
    // given
    failedInThree();
    bench.action("fake.undo");
    bench.killAfter(Event.FINISHED, "one");
    killed(THREE);
    // when
    bench.rollback();
    // then
    assertThat(bench.calls).containsExactly("run one/undo");
  }

  @Test
  void an_undo_knows_the_intent_and_the_outputs_of_its_step() {
    // given
    var call =
        new Call("fake.undo", Map.of("value", "${step.intent.attempt} ${step.output.value}"));
    bench.action("fake.one").undoneBy(call).does((_, _, _) -> new Output("b.dump"));
    bench.action("fake.two").does((_, _, _) -> fail());
    bench.action("fake.undo");
    bench.run(ONE_TWO);
    // when
    bench.rollback();
    // then
    assertThat(bench.state().step("one/undo").outputs().path("value").asText())
        .isEqualTo("1 b.dump");
  }

  @Test
  void an_undo_whose_when_is_false_is_left_out() {
    // given
    var call = new Call("fake.undo", Map.of());
    bench.action("fake.one").undoneBy(call.when("step.intent.attempt == 2"));
    bench.action("fake.two").undoneBy(call.when("step.intent.attempt == 1"));
    bench.action("fake.three").does((_, _, _) -> fail());
    bench.action("fake.undo");
    bench.run(THREE);
    // when
    var outcome = bench.rollback();
    // then
    assertThat(outcome).isEqualTo(rolledBack());
    assertThat(bench.calls).containsExactly("run two/undo");
    assertThat(bench.events("one/undo")).containsExactly(Event.SKIPPED);
  }

  @Test
  void the_undo_that_a_runbook_writes_takes_the_place_of_the_actions_own() {
    // given
    bench.action("fake.one").undoneBy(new Call("fake.undo", Map.of()));
    bench.action("fake.two").does((_, _, _) -> fail());
    bench.action("fake.undo");
    bench.action("fake.mine");
    bench.run(
        """
          - id: one
            action: fake.one
            undo: {action: fake.mine, with: {value: "mine ${steps.one.value}"}}
          - {id: two, action: fake.two}
        """);
    // when
    bench.rollback();
    // then
    assertThat(bench.state().step("one/undo").action()).isEqualTo("fake.mine");
    assertThat(bench.state().step("one/undo").outputs().path("value").asText())
        .isEqualTo("mine done");
  }

  @Test
  void a_rollback_that_was_killed_looks_and_goes_on_where_it_was_left() {
    // given
    failedInThree();
    bench.action("fake.undo").finds(() -> new Observed.Done<>(new Output("found")));
    bench.run(THREE);
    bench.killAfter(Event.STARTED, "two/undo");
    assertThatThrownBy(bench::rollback).isInstanceOf(Bench.Killed.class);
    assertThat(bench.state().isRollingBack()).isTrue();
    // when
    var outcome = bench.rollback();
    // then
    assertThat(outcome).isEqualTo(rolledBack());
    assertThat(bench.calls).containsExactly("inspect two/undo", "run one/undo");
  }

  @Test
  void an_undo_that_fails_stops_the_rollback_and_can_be_tried_again() {
    // given
    failedInThree();
    var undo =
        bench
            .action("fake.undo")
            .does((in, _, _) -> {
              if (in.value().isPresent()) {
                throw failure();
              }
              return new Output("x");
            });
    bench.run(THREE);
    // when
    var outcome = bench.rollback();
    // then
    assertFailed(outcome, "two/undo", "the disk is full");
    assertThat(bench.calls).containsExactly("run three/undo", "run two/undo");
    assertThat(bench.state().status()).isEqualTo("rollback_failed");
    // when
    undo.does((_, _, _) -> new Output("x"));
    // then
    assertThat(bench.rollback()).isEqualTo(rolledBack());
  }

  @Test
  @Tag("fault")
  void what_a_killed_step_may_have_taken_away_is_owed() {
    stopsBackend();
    bench.killAfter(Event.STARTED, "one");
    killed("  - {id: one, action: fake.one}\n");
    assertThat(bench.owed()).containsExactly("backend is stopped");
  }

  @Test
  void what_is_undone_is_not_owed_any_more() {
    // given
    stopsBackend().undoneBy(new Call("fake.undo", Map.of()));
    bench.action("fake.two").does((_, _, _) -> fail());
    bench.action("fake.undo");
    bench.run(ONE_TWO);
    assertThat(bench.owed()).containsExactly("backend is stopped");
    // when
    bench.rollback();
    // then
    assertThat(bench.owed()).isEmpty();
  }

  @Test
  void what_is_owed_names_the_database_that_the_plan_could_not_name_yet() {
    // given
    var kept = new Claim.Owes("name:shop", "shop is kept as shop_old_‹run›");
    bench.action("fake.one").sees(preview -> preview.leaves(kept));
    bench.action("fake.two").does((_, _, _) -> fail());
    // when
    bench.run(ONE_TWO);
    // then
    assertThat(bench.owed()).containsExactly("shop is kept as shop_old_20260115_120000_abcd");
  }

  @Test
  void what_a_killed_step_may_have_given_back_already_is_not_taken_away_again() {
    // given
    stopsBackend().finds(Observed.NotDone::new);
    bench
        .action("fake.two")
        .sees(preview -> preview.leaves(new Claim.Pays("backend")))
        .finds(() -> new Observed.Done<>(new Output("x")));
    bench.killBefore(Event.FINISHED, "two");
    killed(ONE_TWO);
    // when
    var outcome = bench.resume();
    // then
    assertThat(outcome).isEqualTo(done());
    assertThat(bench.calls).containsExactly("inspect two");
    assertThat(bench.events("one")).doesNotContain(Event.AGAIN);
  }

  @Test
  void a_rollback_ends_the_sessions_of_the_killed_process_before_it_undoes_anything() {
    // given
    failedInThree();
    bench
        .action("fake.undo")
        .does((_, _, _) -> {
          bench.calls.add("ghosts: " + bench.cluster.ghosts.size());
          return new Output("x");
        });
    bench.killAfter(Event.STARTED, "two");
    assertThatThrownBy(() -> bench.run(THREE)).isInstanceOf(Bench.Killed.class);
    bench.cluster.ghosts.add(4711);
    // when
    var outcome = bench.rollback();
    // then
    assertThat(outcome).isEqualTo(rolledBack());
    assertThat(bench.calls).contains("ghosts: 0").doesNotContain("ghosts: 1");
  }

  @Test
  void an_undo_of_which_nobody_can_tell_waits_for_an_operator_and_then_goes_on() {
    // given
    failedInThree();
    bench.action("fake.undo").finds(() -> new Observed.Unknown<>("it may have run"));
    bench.run(THREE);
    bench.killAfter(Event.STARTED, "two/undo");
    assertThatThrownBy(bench::rollback).isInstanceOf(Bench.Killed.class);
    // when
    var asked = bench.rollback();
    bench.decide("two/undo", true);
    var outcome = bench.rollback();
    // then
    assertThat(asked).isInstanceOf(Outcome.Undecided.class);
    assertThat(((Outcome.Undecided) asked).problem().hint().orElseThrow())
        .contains("rollback --redo two/undo");
    assertThat(outcome).isEqualTo(rolledBack());
    assertThat(bench.calls).containsExactly("run one/undo");
  }

  @Test
  void nothing_is_undone_where_the_way_back_of_an_earlier_step_is_closed() {
    // given
    failedInThree();
    bench
        .action("fake.undo")
        .sees(
            preview -> preview.problem("the database to go back to is gone", "keep what is there"));
    bench.run(THREE);
    // when
    var outcome = bench.rollback();
    // then
    assertDenied(outcome, "the database to go back to is gone");
    assertThat(bench.calls).isEmpty();
    assertThat(bench.state().isRollingBack()).isFalse();
  }

  @Test
  void an_error_of_the_program_itself_is_a_failure_with_its_stack_in_the_log() {
    // given
    bench
        .action("fake.one")
        .does((_, _, _) -> {
          throw new IllegalStateException("a bug");
        });
    // when
    var outcome = bench.run("  - {id: one, action: fake.one}\n");
    // then
    assertFailed(outcome, "one", "an error of pgrunbook itself");
    assertThat(bench.log("one")).contains("IllegalStateException: a bug", "EngineTest");
  }
}
