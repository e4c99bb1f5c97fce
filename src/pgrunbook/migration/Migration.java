package pgrunbook.migration;

import java.util.Optional;

/**
 * One step of a schema: a V file, and the U file that takes it back.
 *
 * @param script the V file's name
 * @param settings what lies beside it in a file <code>….sql.conf</code> for Flyway
 */
public record Migration(
    Version version,
    String description,
    String script,
    SqlFile sql,
    Optional<String> settings,
    Optional<Undo> undo) {

  /**
   * What takes a migration back.
   *
   * @param script the U file's name
   */
  public record Undo(String script, SqlFile sql) {
    /** Changes with its text. */
    public int checksum() {
      return sql.checksum();
    }
  }

  /** As Flyway computes it and the history keeps it. */
  public int checksum() {
    return sql.checksum();
  }

  /** The statement that would end the transaction in which it runs, as a message says it. */
  public Optional<String> endsTransaction(SqlFacts facts) {
    return TransactionRules.isOutside(settings) ? Optional.empty() : facts.endsTransaction();
  }

  /** The statement that Flyway would not carry out together with the others of the file. */
  public Optional<String> alone(SqlFacts facts) {
    return TransactionRules.isOutside(settings) ? Optional.empty() : facts.alone();
  }

  /**
   * Whether it can be run from its beginning where nobody knows how far it came: its transaction
   * has left nothing, or what is done already does no harm a second time.
   */
  public boolean isRepeatable() {
    return !TransactionRules.isOutside(settings) || sql.facts().allRefuseTransaction();
  }

  /** Version and checksum, by which two environments agree that they speak of the same file. */
  public String identity() {
    return version + ":" + checksum();
  }

  /** Such as <code>202601151200 users</code>. */
  public String shown() {
    return version + " " + description;
  }
}
