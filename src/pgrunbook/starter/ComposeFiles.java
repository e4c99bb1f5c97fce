package pgrunbook.starter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;

/**
 * Which Compose files make which environment.
 *
 * @param environments by name, files that are laid over others behind them
 * @param others Compose files of no environment that is known by its name
 */
record ComposeFiles(SequencedMap<String, List<String>> environments, List<String> others) {
  private static final Pattern FILE =
      Pattern.compile("(?:docker-)?compose(?:[.-](?<kind>[A-Za-z0-9_-]+))?\\.ya?ml");
  private static final String OVERRIDE = "override";
  private static final Map<String, String> KINDS =
      Map.of(
          "prod", "prod",
          "production", "prod",
          "live", "prod",
          "dev", "dev",
          "development", "dev",
          "local", "dev",
          "staging", "staging",
          "stage", "staging");

  /** Those of a folder, by their names. */
  static ComposeFiles in(Path folder, Predicate<String> standsAlone) {
    var byKind = new TreeMap<String, String>();
    var others = new ArrayList<String>();
    for (var file : names(folder)) {
      var kind = kind(file);
      var known = kind.isEmpty() || kind.equals(OVERRIDE) || KINDS.containsKey(kind);
      if (!known || byKind.putIfAbsent(KINDS.getOrDefault(kind, kind), file) != null) {
        others.add(file);
      }
    }
    var groups = grouped(byKind, standsAlone);
    if (groups.isEmpty()) {
      throw new InvalidInput(
          Problem.of(
              "there is no Compose file in " + folder,
              others.isEmpty() ? hint(folder) : named(others)));
    }
    return new ComposeFiles(groups, others);
  }

  private static String named(List<String> others) {
    return String.join(", ", others)
        + " says not of which environment it is: --compose prod="
        + others.getFirst();
  }

  /** Somebody may be in a folder of the repository, or have no containers at all. */
  private static String hint(Path folder) {
    return above(folder)
        .map(it -> "there is one in " + it + ": init -C " + it)
        .orElse(
            "init reads compose.yaml, docker-compose.yml, docker-compose.prod.yml and the like;"
                + " name another one: --compose FILE. For a server without Compose, environments are"
                + " written by hand, with database.host: docs/environments.md in pgrunbook's"
                + " repository, whose runbooks can be copied");
  }

  private static Optional<Path> above(Path folder) {
    for (var at = folder; !Files.exists(at.resolve(".git")); ) {
      at = at.getParent();
      if (at == null || !Files.isReadable(at)) {
        return Optional.empty();
      }
      if (!names(at).isEmpty()) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  /**
   * Those that were named, such as <code>compose.yaml</code> or <code>dev=a.yaml,b.yaml</code>.
   *
   * @throws InvalidInput where one is not there
   */
  static ComposeFiles named(Path folder, List<String> given) {
    var environments = new LinkedHashMap<String, List<String>>();
    for (var it : given) {
      var words = it.split("=", 2);
      var files = List.of(words[words.length - 1].split(","));
      for (var file : files) {
        if (!Files.isRegularFile(folder.resolve(file))) {
          throw new InvalidInput(
              Problem.of(
                  "there is no file " + file + " in " + folder,
                  "--compose names Compose files, relative to it"));
        }
      }
      var name = words.length == 2 ? words[0] : KINDS.getOrDefault(kind(files.getLast()), "prod");
      if (!name.matches("[a-z][a-z0-9_-]*") || environments.putIfAbsent(name, files) != null) {
        throw new InvalidInput(
            Problem.of(
                "--compose " + it + " gives no environment of its own, '" + name + "'",
                "say which one it is: --compose dev=FILE --compose prod=FILE"));
      }
    }
    return new ComposeFiles(environments, List.of());
  }

  private static String kind(String file) {
    var matcher = FILE.matcher(String.valueOf(Path.of(file).getFileName()));
    return matcher.matches() ? Optional.ofNullable(matcher.group("kind")).orElse("") : "";
  }

  /** In the order in which Compose prefers them. */
  private static List<String> names(Path folder) {
    try (var files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> FILE.matcher(name).matches())
          .sorted(
              java.util.Comparator.comparing((String name) -> name.startsWith("docker-"))
                  .thenComparing(name -> name))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SequencedMap<String, List<String>> grouped(
      Map<String, String> byKind, Predicate<String> standsAlone) {
    var base = Optional.ofNullable(byKind.get(""));
    var plain = new ArrayList<String>();
    base.ifPresent(plain::add);
    base.flatMap(_ -> Optional.ofNullable(byKind.get(OVERRIDE))).ifPresent(plain::add);
    var groups = new LinkedHashMap<String, List<String>>();
    for (var name : List.of("prod", "dev", "staging")) {
      Optional.ofNullable(byKind.get(name))
          .ifPresent(file ->
              groups.put(
                  name,
                  base.isEmpty() || standsAlone.test(file)
                      ? List.of(file)
                      : List.of(base.get(), file)));
    }
    if (!groups.containsKey("prod") && !plain.isEmpty()) {
      groups.putFirst("prod", groups.containsKey("dev") ? plain.subList(0, 1) : plain);
    } else if (!groups.containsKey("dev") && !plain.isEmpty()) {
      groups.put("dev", plain);
    }
    return groups;
  }
}
