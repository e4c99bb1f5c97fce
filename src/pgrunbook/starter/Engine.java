package pgrunbook.starter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;

/** Where a launcher has pgrunbook from. */
public sealed interface Engine {
  /** What the launcher depends on, as JBang's <code>//DEPS</code> say it. */
  List<String> dependencies();

  /** A released jar, which brings its libraries. */
  record Released(String coordinates) implements Engine {
    @Override
    public List<String> dependencies() {
      return List.of(coordinates);
    }
  }

  /**
   * A jar that lies beside the launchers; its libraries are named there, as it can't bring them.
   *
   * @param jar where it comes from
   * @param name what it is called there
   */
  record Built(Path jar, String name) implements Engine {
    @Override
    public List<String> dependencies() {
      var all = new ArrayList<>(List.of(name));
      all.addAll(Launcher.libraries());
      return all;
    }
  }

  /**
   * The one that was named, else the jar that this program runs from.
   *
   * @throws InvalidInput where it is neither a jar nor coordinates, or there is none
   */
  static Engine of(Optional<String> given, String version) {
    if (given.isEmpty()) {
      return Packed.jar()
          .map(jar -> built(jar, version))
          .orElseThrow(() ->
              new InvalidInput(
                  Problem.of(
                      "this program runs from classes, there is no jar to depend on",
                      "--engine pgrunbook:pgrunbook:"
                          + version
                          + ", or a jar that scripts/jar makes")));
    }
    var text = given.get();
    if (text.endsWith(".jar")) {
      var jar = Path.of(text).toAbsolutePath().normalize();
      if (!Files.isRegularFile(jar)) {
        throw new InvalidInput(Problem.of("there is no jar " + jar, "scripts/jar makes one"));
      }
      return built(jar, version);
    }
    if (!text.matches("[\\w.-]+:[\\w.-]+:[\\w.-]+")) {
      throw new InvalidInput(
          Problem.of(
              "--engine takes a jar or coordinates, found '" + text + "'",
              "such as pgrunbook:pgrunbook:" + version));
    }
    return new Released(text);
  }

  private static Engine built(Path jar, String version) {
    return new Built(jar, "pgrunbook-" + version + ".jar");
  }
}
