package pgrunbook.runbook;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import pgrunbook.expression.Scope;
import pgrunbook.text.Closest;
import pgrunbook.text.Place;
import pgrunbook.text.Problems;
import pgrunbook.yaml.Binder;
import pgrunbook.yaml.Yaml;
import pgrunbook.yaml.YamlFolder;
import pgrunbook.yaml.YamlNode;

/** Reads the files in <code>runbooks</code>; all problems of a file are found in one go. */
public final class Runbooks {
  private static final String FOLDER = "runbooks";
  private static final String EXAMPLES = FOLDER + "/examples";

  private Runbooks() {}

  /**
   * The runbook of that name, or nothing where there are problems.
   *
   * @param name its name, or the path of its file, which is relative to the project folder
   */
  public static Optional<Runbook> read(Path project, String name, Problems problems) {
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      var file = project.resolve(name);
      return read(file, YamlFolder.shown(project, file), Optional.of(bareName(file)), problems);
    }
    var known = list(project);
    if (!known.contains(name)) {
      var hint =
          known.isEmpty()
              ? "there is none in " + FOLDER + "; write " + FOLDER + "/" + name + ".yaml"
              : Closest.hint(name, known);
      problems.add(Place.NONE, "unknown runbook '" + name + "'", hint);
      return Optional.empty();
    }
    var shown = FOLDER + "/" + name + ".yaml";
    return read(project.resolve(shown), shown, Optional.of(name), problems);
  }

  /** The runbook in a file whatever its name, such as the copy in a run's folder. */
  public static Optional<Runbook> readFile(Path file, String shown, Problems problems) {
    return read(file, shown, Optional.empty(), problems);
  }

  /** The names of a project's runbooks, sorted. */
  public static List<String> list(Path project) {
    return YamlFolder.names(project.resolve(FOLDER));
  }

  /** The files in its folder of examples, as paths by which they can be read; sorted. */
  public static List<String> examples(Path project) {
    return YamlFolder.names(project.resolve(EXAMPLES)).stream()
        .map(name -> EXAMPLES + "/" + name + ".yaml")
        .toList();
  }

  private static String bareName(Path file) {
    var name = String.valueOf(file.getFileName());
    return name.substring(0, name.lastIndexOf('.'));
  }

  private static Optional<Runbook> read(
      Path file, String shown, Optional<String> expectedName, Problems problems) {
    var found = new Problems();
    var text = Yaml.text(file, shown, found);
    var root = text.flatMap(t -> Yaml.read(t, shown, found));
    var bound = root.flatMap(node -> Binder.bind(node, RunbookFile.class, Scope.none(), found));
    root.ifPresent(node -> new StructureCheck(node, found).check());
    expectedName.ifPresent(name -> root.ifPresent(node -> checkName(node, name, found)));
    problems.addAll(found.inOrder());
    return bound.filter(_ -> found.isEmpty()).map(read -> read.runbook(text.orElseThrow()));
  }

  private static void checkName(YamlNode.Mapping root, String expected, Problems problems) {
    if (root.get("name").orElse(null) instanceof YamlNode.Scalar scalar
        && !scalar.isNull()
        && !scalar.text().equals(expected)) {
      problems.add(
          scalar.place(),
          "the name is '" + scalar.text() + "', but the file's is '" + expected + "'",
          "both have to be the same");
    }
  }
}
