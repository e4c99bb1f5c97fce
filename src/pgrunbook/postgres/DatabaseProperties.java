package pgrunbook.postgres;

import java.util.List;
import java.util.stream.Stream;

/**
 * What belongs to a database itself and not to its contents: privileges, settings (also those of a
 * role in it), connection limit, comment, security labels. Neither a plain dump nor TEMPLATE keeps
 * them, and none of them follows a name when databases are renamed.
 */
public record DatabaseProperties(List<Property> properties) {
  public DatabaseProperties {
    properties = List.copyOf(properties);
  }

  /**
   * The statements that give all of this to a newly made database with the same owner. What another
   * role than the owner had granted is granted by the owner.
   */
  public List<String> statementsFor(String database) {
    return statementsFor(database, new DatabaseProperties(List.of()));
  }

  /** The statements that make this of what a database has now. */
  public List<String> statementsFor(String database, DatabaseProperties now) {
    return Stream.concat(
            now.properties.stream().filter(it -> !properties.contains(it)).map(Property::take),
            properties.stream().filter(it -> !now.properties.contains(it)).map(Property::give))
        .map(change -> change.of(database))
        .toList();
  }

  /** One property, and how a database loses it. */
  public record Property(Change give, Change take) {}

  /** One statement, without the database's name between its two halves. */
  public record Change(String before, String after) {
    String of(String database) {
      return before + Identifiers.quote(database) + after;
    }
  }
}
