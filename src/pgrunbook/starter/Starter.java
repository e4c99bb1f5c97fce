package pgrunbook.starter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;
import pgrunbook.environment.DotEnv;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;

/**
 * What another application's repository gets: decided from its Compose files, written by whoever
 * asked.
 *
 * @param files in the order in which they are shown
 * @param notes what was left out, or could not be decided
 * @param next commands to go on with
 */
public record Starter(List<StarterFile> files, List<String> notes, List<String> next) {
  private static final String ENVIRONMENTS = "runbooks/environments/";

  public Starter {
    files = List.copyOf(files);
    notes = List.copyOf(notes);
    next = List.copyOf(next);
  }

  /**
   * What is asked for.
   *
   * @param folder the repository, absolute
   * @param compose Compose files, as <code>--compose</code> names them; all that are there, if none
   * @param postgres PostgreSQL's service, where its name has to be said
   * @param schemas for editors, by path
   */
  public record Request(
      Path folder,
      List<String> compose,
      Optional<String> postgres,
      Engine engine,
      SequencedMap<String, String> schemas) {
    public Request {
      compose = List.copyOf(compose);
    }
  }

  /**
   * Reads the Compose files and decides; writes nothing.
   *
   * @throws InvalidInput where they leave something open that has to be known
   */
  public static Starter of(Request request, Map<String, String> processEnv) {
    return of(request, processEnv, ComposeReader.withDocker(request.folder()));
  }

  static Starter of(Request request, Map<String, String> processEnv, ComposeReader reader) {
    var reading = new Reading(request, processEnv, reader);
    var deployments = reading.deployments();
    var runbooks = new Fitting(request.folder(), deployments).runbooks();
    var files = new ArrayList<StarterFile>();
    runbooks.forEach(it -> files.add(text("runbooks/" + it.name() + ".yaml", it.text())));
    request.schemas().forEach((path, text) -> files.add(text(path, text)));
    deployments.forEach(
        it -> files.add(text(ENVIRONMENTS + it.environment() + ".yaml", EnvironmentText.of(it))));
    var names = new TreeSet<>(runbooks.stream().map(RunbookText::name).toList());
    files.addAll(Launching.files(request.engine(), names));
    files.add(
        new StarterFile.Lines(".gitignore", Launching.ignored(request.engine(), deployments)));
    return new Starter(
        files, reading.notes, NextSteps.of(deployments, names, request.engine(), reader.compose()));
  }

  static StarterFile text(String path, String text) {
    return new StarterFile.Text(path, text, false);
  }

  /** Goes through the Compose files. */
  private static final class Reading {
    private final Request request;
    private final ComposeReader reader;
    private final Map<String, String> variables;
    private final PostgresService finder;
    private final List<String> notes = new ArrayList<>();

    Reading(Request request, Map<String, String> processEnv, ComposeReader reader) {
      this.request = request;
      this.reader = reader;
      this.variables = DotEnv.read(request.folder().resolve(".env"), processEnv, new Problems());
      this.finder = new PostgresService(request.folder(), variables);
    }

    List<Deployment> deployments() {
      var composeFiles =
          request.compose().isEmpty()
              ? ComposeFiles.in(request.folder(), this::standsAlone)
              : ComposeFiles.named(request.folder(), request.compose());
      composeFiles
          .others()
          .forEach(it ->
              notes.add(
                  it + " was not read; --compose NAME=" + it + " makes an environment of it"));
      var found = found(composeFiles);
      notes.addAll(reader.notes());
      found.forEach(this::note);
      var variable = Optional.ofNullable(variables.get("COMPOSE_PROJECT_NAME"));
      return new Projects(request.folder(), reader.running(), variable).named(found);
    }

    private List<Deployment> found(ComposeFiles composeFiles) {
      var models = new LinkedHashMap<String, ComposeModel>();
      var found = new ArrayList<Deployment>();
      composeFiles
          .environments()
          .forEach((name, files) -> {
            var model = reader.read(files);
            models.put(String.join(", ", files), model);
            postgres(model, files)
                .ifPresentOrElse(
                    it -> found.add(Deployment.of(name, files, model, it, request.folder())),
                    () -> notes.add(without(name, files, model)));
          });
      if (found.isEmpty()) {
        throw nothing(models);
      }
      return found;
    }

    private void note(Deployment deployment) {
      var file = ENVIRONMENTS + deployment.environment() + ".yaml: ";
      deployment.connection().notes().forEach(note -> notes.add(file + note));
    }

    private Optional<Service> postgres(ComposeModel model, List<String> files) {
      return request.postgres().isPresent()
          ? PostgresService.named(model, request.postgres().get(), files)
          : finder.find(model, files);
    }

    /** Otherwise it only changes what another file says. */
    private boolean standsAlone(String file) {
      var services = ComposeReader.alone(request.folder()).read(List.of(file)).services().values();
      return services.stream().allMatch(it -> !it.image().isEmpty() || it.build().isPresent())
          && services.stream().anyMatch(finder::isServer);
    }

    private static String without(String name, List<String> files, ComposeModel model) {
      return "%s has no service that is PostgreSQL (%s): environment %s was left out; write it as"
              .formatted(
                  String.join(", ", files), String.join(", ", model.services().keySet()), name)
          + " docs/environments.md says, with the server's host";
    }

    private static InvalidInput nothing(Map<String, ComposeModel> models) {
      return new InvalidInput(
          models.entrySet().stream()
              .map(it ->
                  new Problem(
                      Place.in(it.getKey()),
                      "no service is known to be PostgreSQL, among "
                          + String.join(", ", it.getValue().services().keySet()),
                      Optional.of("name it: --postgres SERVICE")))
              .toList());
    }
  }
}
