package pgrunbook.expression;

import java.util.List;
import pgrunbook.text.Place;

/** A name that an expression uses, and where. */
public record Reference(List<String> path, Place at) {
  public Reference {
    path = List.copyOf(path);
  }

  @Override
  public String toString() {
    return String.join(".", path);
  }
}
