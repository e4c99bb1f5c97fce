package pgrunbook.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static pgrunbook.testing.Docker.IMAGE;
import static pgrunbook.testing.Docker.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.compose.ContainerRelay;
import pgrunbook.compose.ContainerTools;
import pgrunbook.compose.Docker;
import pgrunbook.postgres.Connections;
import pgrunbook.postgres.PlainCluster;
import pgrunbook.postgres.PostgresException;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.ChildPipe;
import pgrunbook.process.ChildStream;
import pgrunbook.process.Children;
import pgrunbook.process.Deadline;
import pgrunbook.process.Finished;
import pgrunbook.process.OutputSink;
import pgrunbook.process.Processes;
import pgrunbook.process.Stdin;
import pgrunbook.testing.WithDocker;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;

@WithDocker
class ScratchContainerTest {
  private static final Docker DOCKER = new Docker(new Children(), Path.of("/"));

  private ScratchPlace place;
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final List<String> names = new CopyOnWriteArrayList<>();

  @BeforeEach
  void makePlace() throws IOException {
    place = new ScratchPlace();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    for (var name : names) {
      assertThat(containers(name)).isEmpty();
    }
    place.close();
  }

  @Test
  void a_closed_container_leaves_neither_itself_nor_a_folder() throws Exception {
    // given
    try (var container = start(DOCKER)) {
      // when
      var server = serverIn(container);
      // then
      assertThat(server).isEqualTo(container.version()).isNotEmpty();
      assertThat(container.shown())
          .isEqualTo("scratch container: PostgreSQL " + server + ", image " + IMAGE);
      assertThat(containers(name(container))).isNotEmpty();
      assertThat(place.folders()).containsExactly(container.folder());
    }
    assertThat(place.folders()).isEmpty();
    assertThat(said).isEmpty();
  }

  @Test
  void its_password_is_in_no_argument_and_it_has_no_network() throws Exception {
    // given
    var words = new CopyOnWriteArrayList<String>();
    var recording =
        new Docker(
            changing(word -> {
              words.add(word);
              return word;
            }),
            Path.of("/"));
    // when
    try (var container = start(recording)) {
      // then
      var password = container.connector().password().orElseThrow().reveal();
      assertThat(words).isNotEmpty().noneMatch(word -> word.contains(password));
      var networks = List.of("inspect", "--format", "{{.HostConfig.NetworkMode}}");
      assertThat(run(networks, name(container))).isEqualTo("none");
    }
  }

  @Test
  void its_programs_see_the_work_folder_and_a_backup_that_they_cannot_change(@TempDir Path folder)
      throws Exception {
    // given
    var backup = Files.writeString(folder.resolve("a, \"b\".dump"), "text");
    var link = Files.createSymbolicLink(folder.resolve("latest.dump"), backup);
    // when
    try (var container = start(DOCKER, link)) {
      // then
      var file = Files.writeString(container.work().resolve("own.dump"), "text");
      var tools = tools(container);
      assertThat(tools.seen(file)).contains(file.toString());
      assertThat(tools.seen(container.work().resolve("later.dump"))).isPresent();
      var inside = tools.seen(link).orElseThrow();
      assertThat(inside).endsWith("/a, \"b\".dump");
      assertThat(docker("exec", name(container), "cat", inside).ok()).isEqualTo("text");
      assertThat(docker("exec", name(container), "sh", "-c", "echo x >\"$0\"", inside).exit())
          .isNotZero();
    }
  }

  @Test
  void an_engine_that_does_not_have_this_machines_folders_is_used_without_them() throws Exception {
    // given
    var elsewhere =
        changing(word ->
            word.startsWith("--mount=")
                ? word.replace(place.path.toString() + "/", "/nowhere/")
                : word);
    // when
    try (var container = start(new Docker(elsewhere, Path.of("/")))) {
      // then
      assertThat(serverIn(container)).isEqualTo(container.version());
      var file = Files.writeString(container.work().resolve("own.dump"), "text");
      assertThat(tools(container).seen(file)).isEmpty();
    }
  }

  @Test
  void a_missing_image_is_named_with_dockers_words_and_the_option() throws Exception {
    var image = "pgrunbook.invalid/nonesuch:17";
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> ScratchContainer.start(DOCKER, image, List.of(), place.path, said::add))
        .withMessageContaining("Docker has no image " + image + ", and can't pull it: ")
        .withMessageContaining("hint: ")
        .withMessageContaining("--container=IMAGE");
    assertThat(said).containsExactly("pulling image " + image);
    assertThat(place.folders()).isEmpty();
  }

  @Test
  void a_server_that_does_not_start_is_quoted() throws Exception {
    // given
    var image = "pgrunbook-test-broken:" + ProcessHandle.current().pid();
    var entrypoint = "ENTRYPOINT [\"sh\",\"-c\",\"echo no room here >&2; exit 3\"]";
    var container = docker("create", IMAGE).ok().strip();
    docker("commit", "--change", entrypoint, container, image).ok();
    docker("rm", container).ok();
    try {
      // when / then
      assertThatExceptionOfType(PostgresException.class)
          .isThrownBy(() -> ScratchContainer.start(DOCKER, image, List.of(), place.path, said::add))
          .withMessageContaining("image " + image + " does not start: no room here")
          .withMessageContaining("--container=IMAGE");
      assertThat(place.folders()).isEmpty();
    } finally {
      docker("rmi", image).ok();
    }
  }

  @Test
  void what_docker_says_against_a_container_is_quoted() {
    var wrong =
        changing(word -> word.startsWith("--network=") ? "--network=container:nonesuch" : word);
    var docker = new Docker(wrong, Path.of("/"));
    assertThatExceptionOfType(PostgresException.class)
        .isThrownBy(() -> start(docker))
        .withMessageContaining("cannot make a scratch container from image " + IMAGE)
        .withMessageContaining("o such container: nonesuch");
  }

  @Test
  void a_machine_without_docker_is_told_apart_from_an_engine_that_does_not_answer() {
    assertThat(ScratchContainer.missing(DOCKER)).isEmpty();
    assertThat(missing("PATH", "/nonexistent"))
        .contains("there is no program 'docker'")
        .contains("install Docker");
    assertThat(missing("DOCKER_HOST", "unix:///nonexistent.sock"))
        .contains("Docker does not answer")
        .contains("start the Docker engine");
  }

  private static String missing(String variable, String value) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put(variable, value);
    var processes = new Children(environment, Duration.ofSeconds(1));
    return ScratchContainer.missing(new Docker(processes, Path.of("/")))
        .map(Problem::toString)
        .orElse("");
  }

  @Test
  void an_interrupted_thread_can_close_it_and_stays_interrupted() throws Exception {
    // given
    var container = start(DOCKER);
    // when
    Thread.currentThread().interrupt();
    container.close();
    // then
    assertThat(Thread.interrupted()).isTrue();
    assertThat(place.folders()).isEmpty();
  }

  @Test
  void an_interrupt_while_it_starts_leaves_nothing() throws Exception {
    for (var millis : new int[] {0, 100, 300, 600, 1000, 1500}) {
      // given
      var maker = new Maker(millis, "interrupted", place.path.toString());
      var starting = Thread.ofPlatform().unstarted(() -> startUntilInterrupted(maker));
      starting.start();
      // when
      Thread.sleep(millis);
      starting.interrupt();
      starting.join();
      // then
      assertThat(place.folders()).isEmpty();
      var filter = "label=pgrunbook.maker.machine=" + place.path;
      assertThat(docker("ps", "-aq", "--filter", filter).ok()).isEmpty();
    }
  }

  @Test
  void the_container_of_a_maker_that_is_gone_is_removed() throws Exception {
    // given
    var container = start(endedMaker(Maker.current().machine()));
    // when
    var removed = ScratchContainer.removeStale(DOCKER);
    // then
    assertThat(removed).contains(name(container));
    assertThat(containers(name(container))).isEmpty();
    assertThat(ScratchCluster.removeStale(new Children(), place.path))
        .containsExactly(container.folder());
    assertThat(place.folders()).isEmpty();
  }

  @Test
  void what_another_machine_made_or_somebody_who_still_runs_is_left_alone() throws Exception {
    // given
    try (var own = start(DOCKER);
        var other = start(endedMaker("another machine"))) {
      // when
      var removed = ScratchContainer.removeStale(DOCKER);
      // then
      assertThat(removed).doesNotContain(name(own), name(other));
      assertThat(serverIn(own)).isEqualTo(serverIn(other));
    }
  }

  @Test
  void a_kept_container_lives_on_and_says_how_to_get_into_it_and_be_rid_of_it() throws Exception {
    // given
    var container = start(endedMaker(Maker.current().machine()));
    // when
    var kept = container.keep();
    container.close();
    // then
    assertThat(ScratchContainer.removeStale(DOCKER)).doesNotContain(name(container));
    assertThat(ScratchCluster.removeStale(new Children(), place.path)).isEmpty();
    var password = container.connector().password().orElseThrow().reveal();
    assertThat(kept.connect()).startsWith("docker exec -it ").doesNotContain(password);
    assertThat(shell(kept.connect().replace(" -it ", " ") + " -Atc 'select 1'")).isZero();
    assertThat(shell(kept.remove())).isZero();
    assertThat(containers(name(container).replace("scratch", "kept"))).isEmpty();
  }

  private ScratchContainer start(Docker docker, Path... readable)
      throws IOException, InterruptedException {
    return noted(ScratchContainer.start(docker, IMAGE, List.of(readable), place.path, said::add));
  }

  private ScratchContainer start(Maker maker) throws IOException, InterruptedException {
    return noted(ScratchContainer.start(DOCKER, IMAGE, List.of(), place.path, said::add, maker));
  }

  private ScratchContainer noted(ScratchContainer container) {
    names.add(name(container));
    return container;
  }

  private void startUntilInterrupted(Maker maker) {
    try (var container = start(maker)) {
      Thread.sleep(60_000);
      throw new IllegalStateException("not interrupted: " + container.folder());
    } catch (InterruptedException | PostgresException | Refused _) {
      // as it should be
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Maker endedMaker(String machine) throws IOException, InterruptedException {
    var process = new ProcessBuilder("true").start();
    process.waitFor();
    return new Maker(process.pid(), "before", machine);
  }

  private static String name(ScratchContainer container) {
    return container.folder().getFileName().toString();
  }

  private static String containers(String name) {
    return run(List.of("ps", "-aq", "--filter"), "name=^/?" + name + "$");
  }

  private static String run(List<String> words, String last) {
    var all = new ArrayList<>(words);
    all.add(last);
    return docker(all.toArray(String[]::new)).ok().strip();
  }

  private static int shell(String command) throws IOException, InterruptedException {
    return new ProcessBuilder("/bin/sh", "-c", command).start().waitFor();
  }

  private static ContainerTools tools(ScratchContainer container) {
    return new ContainerTools(
        container.inside(), container.docker(), Optional.of(17), Optional.empty());
  }

  private static String serverIn(ScratchContainer container) {
    var connector = container.connector();
    var relay = new ContainerRelay(container.inside(), container.docker(), connector.port());
    try (var cluster = new PlainCluster(Connections.through(relay, connector), () -> "test")) {
      return cluster.server().version();
    }
  }

  /** Real children, whose words are changed before. */
  private static Processes changing(UnaryOperator<String> change) {
    return new Changing(new Children(), change);
  }

  private record Changing(Processes real, UnaryOperator<String> change) implements Processes {
    private ChildCommand changed(ChildCommand command) {
      return command.running(command.argv().stream().map(change).toList());
    }

    @Override
    public Finished run(
        ChildCommand command, Stdin stdin, OutputSink out, OutputSink err, Deadline deadline)
        throws InterruptedException, IOException {
      return real.run(changed(command), stdin, out, err, deadline);
    }

    @Override
    public ChildStream open(ChildCommand command, Stdin stdin, Deadline deadline)
        throws IOException {
      return real.open(changed(command), stdin, deadline);
    }

    @Override
    public ChildPipe connect(ChildCommand command) throws IOException {
      return real.connect(changed(command));
    }

    @Override
    public Optional<List<String>> endLeftBehind(Set<String> marks) throws IOException {
      return real.endLeftBehind(marks);
    }
  }
}
