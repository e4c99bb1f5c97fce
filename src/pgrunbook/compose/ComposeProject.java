package pgrunbook.compose;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import pgrunbook.environment.ComposeSettings;
import pgrunbook.environment.Environment;
import pgrunbook.postgres.Unreachable;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Deadline;
import pgrunbook.process.Processes;
import pgrunbook.text.Closest;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;

/** The Compose project of an environment, by version 1 or 2 of Compose. */
public final class ComposeProject implements ComposeView {
  private static final Duration CONFIG = Duration.ofSeconds(60);

  /** Questions that come one after the other are one look; each costs two programs. */
  private static final Duration MOMENT = Duration.ofMillis(250);

  private final Docker docker;
  private final List<String> words;
  private final ComposeSettings settings;
  private final ComposeConfig config;
  private Optional<Seen> seen = Optional.empty();

  /** All containers, as they were a moment ago. */
  private record Seen(List<Container> containers, long nanoTime) {}

  private ComposeProject(
      Docker docker, List<String> words, ComposeSettings settings, ComposeConfig config) {
    this.docker = docker;
    this.words = List.copyOf(words);
    this.settings = settings;
    this.config = config;
  }

  /**
   * Finds Compose and reads the project's configuration through it.
   *
   * @param folder the project folder of the runbooks; Compose's paths are relative to it
   * @throws Refused where Compose is missing, can't read its file, or has no such services
   */
  public static ComposeProject open(
      ComposeSettings settings, Environment environment, Path folder, Processes processes) {
    var file = folder.resolve(settings.file());
    if (!Files.isRegularFile(file)) {
      throw new Refused(
          "there is no Compose file " + settings.file() + " for environment " + environment.name(),
          "it is looked for in " + folder + "; see 'compose' in the environment's file");
    }
    try {
      var cli = cli(settings, new Docker(processes, folder));
      var docker = docker(cli, environment, folder, processes);
      var words = new ArrayList<>(cli);
      words.addAll(settings.options());
      words.addAll(options(settings, environment, file));
      var config =
          ComposeConfig.read(
              String.join("\n", config(docker, words, settings)),
              settings
                  .project()
                  .or(() -> Optional.ofNullable(environment.env().get("COMPOSE_PROJECT_NAME")))
                  .filter(name -> !name.isBlank())
                  .map(ComposeProject::plain)
                  .orElseGet(() -> nameOf(file)));
      if (!config.images().containsKey(settings.postgresService())) {
        throw new Refused(
            settings.file() + " has no service '" + settings.postgresService() + "'",
            "name PostgreSQL's service, compose.postgres_service: "
                + Closest.hint(settings.postgresService(), config.images().keySet()));
      }
      return new ComposeProject(docker, words, settings, config);
    } catch (Unreachable e) {
      throw new Refused(List.of(e.problem()));
    }
  }

  /** What is before <code>compose</code> in its own command calls the engine that it works on. */
  private static Docker docker(
      List<String> cli, Environment environment, Path folder, Processes processes) {
    var standalone = cli.getLast().endsWith(ComposeCli.STANDALONE);
    var words =
        new ArrayList<>(
            cli.stream()
                .takeWhile(word -> !word.equals("compose") && !word.endsWith(ComposeCli.STANDALONE))
                .toList());
    if (standalone || words.isEmpty()) {
      words.add("docker");
    }
    return new Docker(processes, folder, words, standalone ? engine(environment) : Map.of());
  }

  /** Version 1 takes these from the file of variables, too; docker itself does not. */
  private static Map<String, String> engine(Environment environment) {
    var variables = new TreeMap<>(environment.env());
    variables.keySet().removeIf(name -> !name.startsWith("DOCKER_"));
    return variables;
  }

  /** It asks no engine: what is wrong is the file, or that Compose is not there at all. */
  private static List<String> config(Docker docker, List<String> words, ComposeSettings settings)
      throws Unreachable {
    var command = command(docker, words, settings, List.of("config"));
    try {
      return docker.lines(command, Deadline.in(CONFIG));
    } catch (Unreachable e) {
      var what = e.problem().what();
      throw what.contains("not found in PATH")
          ? e
          : new Unreachable(
              Problem.of(
                  what,
                  "correct " + settings.file() + "; to try it: " + command.shown(Masking.NONE)));
    }
  }

  private static List<String> cli(ComposeSettings settings, Docker docker) throws Unreachable {
    if (settings.command().isPresent()) {
      return settings.command().get();
    }
    return ComposeCli.find(docker);
  }

  private static List<String> options(
      ComposeSettings settings, Environment environment, Path file) {
    var options = new ArrayList<>(List.of("-f", settings.file()));
    var beside = file.resolveSibling(".env").toAbsolutePath().normalize();
    var named = settings.options().stream().anyMatch(it -> it.startsWith("--env-file"));
    if (Files.exists(environment.envFile())
        && !environment.envFile().equals(beside)
        && !named) { // version 1 takes only one
      options.addAll(List.of("--env-file", environment.envFile().toString()));
    }
    settings.project().ifPresent(name -> options.addAll(List.of("-p", name)));
    settings.profiles().forEach(profile -> options.addAll(List.of("--profile", profile)));
    return options;
  }

  /** Version 1 tells its project's name nowhere; this is how it makes one. */
  private static String nameOf(Path file) {
    var folder = Optional.ofNullable(file.toAbsolutePath().normalize().getParent());
    return folder
        .map(it -> String.valueOf(it.getFileName()))
        .map(ComposeProject::plain)
        .orElse("default");
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^-_a-z0-9]", "");
  }

  private static ChildCommand command(
      Docker docker, List<String> words, ComposeSettings settings, List<String> arguments) {
    var all = new ArrayList<>(words);
    all.addAll(arguments);
    var command = docker.with(ChildCommand.of(all));
    // both would add options to those that are shown
    return settings.project().isPresent() ? command.without("COMPOSE_PROJECT_NAME") : command;
  }

  /** The name under which its containers are known to Docker. */
  public String name() {
    return config.name();
  }

  /** Which image a service is made from; empty where it is built. */
  public Optional<String> image(String service) {
    return Optional.ofNullable(config.images().get(service)).filter(image -> !image.isEmpty());
  }

  /** Whether others wait for its end: then it is well where it has ended. */
  public boolean isJob(String service) {
    return config.jobs().contains(service);
  }

  @Override
  public List<String> services() {
    return List.copyOf(config.images().keySet());
  }

  @Override
  public String postgresService() {
    return settings.postgresService();
  }

  @Override
  public ChildCommand command(List<String> arguments) {
    return command(docker, words, settings, arguments);
  }

  @Override
  public boolean simulated() {
    return false;
  }

  public Docker docker() {
    return docker;
  }

  /**
   * The containers of a service.
   *
   * @throws Unreachable where they belong to another Compose file that has the same project name
   */
  public List<Container> containers(String service) throws Unreachable {
    var found = containers().getOrDefault(service, List.of());
    var name = String.valueOf(Path.of(settings.file()).getFileName());
    for (var container : found) {
      var files = container.configFiles().stream().map(it -> it.replaceFirst(".*/", "")).toList();
      if (!files.isEmpty() && !files.contains(name)) {
        throw new Unreachable(
            Problem.of(
                "container %s of Compose project %s was made from %s, and this environment's file is %s"
                    .formatted(
                        container.name(),
                        name(),
                        String.join(", ", container.configFiles()),
                        settings.file()),
                "two files in one folder share its name: give this one its own, compose.project, and"
                    + " start it with -p"));
      }
    }
    return found;
  }

  /** The containers of all services, without those of <code>docker compose run</code>. */
  private Map<String, List<Container>> containers() throws Unreachable {
    var byService = new TreeMap<String, List<Container>>();
    for (var container : allContainers()) {
      if (!container.oneOff()) {
        byService.computeIfAbsent(container.service(), _ -> new ArrayList<>()).add(container);
      }
    }
    return byService;
  }

  /** Those of <code>docker compose run</code> too. */
  public synchronized List<Container> allContainers() throws Unreachable {
    var now = System.nanoTime();
    if (seen.filter(it -> now - it.nanoTime() < MOMENT.toNanos()).isEmpty()) {
      seen = Optional.empty();
      var all = docker.containers(List.of("label=com.docker.compose.project=" + name()));
      seen = Optional.of(new Seen(all, System.nanoTime()));
    }
    return seen.orElseThrow().containers();
  }

  @Override
  public synchronized void changed() {
    seen = Optional.empty();
  }

  /** The inside of the service that PostgreSQL runs in. */
  public Inside postgres() {
    return new ServiceInside(this, settings.postgresService());
  }
}
