package pgrunbook.postgres;

import java.util.List;

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
    return properties.stream().map(property -> property.statementFor(database)).toList();
  }

  /** One statement, without the database's name between its two halves. */
  public record Property(String before, String after) {
    String statementFor(String database) {
      return before + Identifiers.quote(database) + after;
    }
  }
}
