package pgrunbook.yaml;

import java.util.List;
import java.util.stream.Stream;
import pgrunbook.expression.Reference;
import pgrunbook.expression.Template;
import pgrunbook.text.Problems;

/** Finds the names that the expressions in a tree use. */
public final class References {
  private References() {}

  /** The names in the order of the file; an expression that is not well-formed is a problem. */
  public static List<Reference> in(YamlNode tree, Problems problems) {
    return scalars(tree)
        .flatMap(
            scalar -> Template.parse(scalar.text(), scalar.place(), problems).references().stream())
        .toList();
  }

  private static Stream<YamlNode.Scalar> scalars(YamlNode tree) {
    return switch (tree) {
      case YamlNode.Scalar scalar -> Stream.of(scalar);
      case YamlNode.Sequence sequence -> sequence.items().stream().flatMap(References::scalars);
      case YamlNode.Mapping mapping ->
          mapping.entries().values().stream().flatMap(entry -> scalars(entry.value()));
    };
  }
}
