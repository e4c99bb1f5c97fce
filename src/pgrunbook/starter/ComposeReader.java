package pgrunbook.starter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import pgrunbook.compose.ComposeCli;
import pgrunbook.compose.Docker;
import pgrunbook.postgres.Unreachable;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Children;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Place;
import pgrunbook.text.Problems;
import pgrunbook.yaml.Yaml;

/**
 * Reads the Compose files of an environment: by Docker Compose where that is there, which knows
 * what they extend and include; and as they stand, for only there the variables are still named.
 */
final class ComposeReader {
  private static final String PROJECT = "com.docker.compose.project";

  private final Path folder;
  private final Optional<Docker> docker;
  private final List<String> compose;
  private final List<String> notes = new ArrayList<>();

  private ComposeReader(Path folder, Optional<Docker> docker, List<String> compose) {
    this.folder = folder;
    this.docker = docker;
    this.compose = List.copyOf(compose);
  }

  /** With Docker Compose, where this machine has it. */
  static ComposeReader withDocker(Path folder) {
    var docker = new Docker(new Children(), folder);
    try {
      return new ComposeReader(folder, Optional.of(docker), ComposeCli.find(docker));
    } catch (Unreachable _) {
      return alone(folder);
    }
  }

  /** Without it. */
  static ComposeReader alone(Path folder) {
    return new ComposeReader(folder, Optional.empty(), List.of("docker", "compose"));
  }

  /** How Compose is called here. */
  List<String> compose() {
    return compose;
  }

  ComposeModel read(List<String> files) {
    var raw = asTheyStand(files);
    return docker
        .flatMap(it -> resolved(it, files, profiles(raw)))
        .map(it -> it.writtenAs(raw))
        .orElse(raw);
  }

  /** What could not be found out. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  private ComposeModel asTheyStand(List<String> files) {
    Map<?, ?> all = Map.of();
    for (var file : files) {
      all = ComposeTree.merged(all, ComposeTree.read(text(file), file));
    }
    return ComposeModel.of(all);
  }

  private String text(String file) {
    var problems = new Problems();
    return Yaml.text(folder.resolve(file), file, problems)
        .orElseThrow(() -> new InvalidInput(problems.list()));
  }

  /** Version 1 has no word for all of them. */
  private List<String> profiles(ComposeModel raw) {
    return compose.size() > 1
        ? List.of("*")
        : raw.services().values().stream().flatMap(it -> it.profiles().stream()).toList();
  }

  private Optional<ComposeModel> resolved(
      Docker engine, List<String> files, List<String> profiles) {
    var words = new ArrayList<>(compose);
    files.forEach(file -> words.addAll(List.of("-f", file)));
    profiles.forEach(profile -> words.addAll(List.of("--profile", profile)));
    words.add("config");
    try {
      var lines = engine.lines(ChildCommand.of(words).in(folder));
      return Optional.of(
          ComposeModel.of(ComposeTree.read(String.join("\n", lines), "docker compose config")));
    } catch (Unreachable e) {
      notes.add(
          String.join(", ", files)
              + " read without Docker Compose, which says: "
              + e.problem().what());
      return Optional.empty();
    }
  }

  /**
   * The names of Compose projects whose containers were made from such files, by their last one.
   */
  SequencedMap<String, String> running() {
    var projects = new LinkedHashMap<String, String>();
    docker.ifPresent(it -> lines(it).forEach(line -> note(line, projects)));
    return projects;
  }

  private List<String> lines(Docker engine) {
    var format = "{{.Label \"%1$s\"}}\t{{.Label \"%1$s.config_files\"}}".formatted(PROJECT);
    var filter = "label=" + PROJECT + ".working_dir=" + folder;
    try {
      return engine.lines(
          engine.command(List.of("ps", "--all", "--filter", filter, "--format", format)));
    } catch (Unreachable _) {
      return List.of(); // no engine, nothing runs
    }
  }

  private static void note(String line, Map<String, String> projects) {
    var words = line.split("\t", -1);
    if (words.length == 2) {
      projects.put(words[1].replaceFirst(".*[,/]", ""), words[0]);
    }
  }

  /** Where a problem of these files is. */
  static Place place(List<String> files) {
    return Place.in(String.join(", ", files));
  }
}
