package pgrunbook.migration;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a file's SQL does, as far as its words tell; found in one pass, in constant memory.
 *
 * @param losses all that it takes away, or the first of many and how many more there are
 * @param endsTransaction line and words of the first statement that would end, or begin, the
 *     transaction itself
 * @param alone line and words of the first statement that Flyway carries out without a transaction,
 *     where others beside it go into one: it refuses such a file
 * @param allRefuseTransaction whether there are only statements that refuse a transaction: those
 *     fail, or do nothing, where they were carried out already
 * @param hasConcurrently whether a statement of it may refuse a transaction
 * @param largest the statement that takes the most memory
 * @param isEmpty whether there is no statement at all
 */
public record SqlFacts(
    List<Loss> losses,
    Optional<String> endsTransaction,
    Optional<String> alone,
    boolean allRefuseTransaction,
    boolean hasConcurrently,
    StatementSize largest,
    boolean isEmpty) {
  /** Nobody reads more of them, and each one may be counted on the server. */
  private static final int MOST_LOSSES = 500;

  public SqlFacts {
    losses = List.copyOf(losses);
  }

  /** Reads it to its end. */
  static SqlFacts of(InputStream sql) throws IOException {
    var gathering = new Gathering();
    SqlReader.read(sql, gathering);
    return gathering.facts();
  }

  private static final class Gathering implements SqlReader.Hearer {
    private final List<Loss> losses = new ArrayList<>();
    private Optional<String> endsTransaction = Optional.empty();
    private Optional<String> alone = Optional.empty();
    private boolean allAlone = true;
    private boolean allRefuse = true;
    private boolean concurrently;
    private boolean inFunction;
    private boolean empty = true;
    private StatementSize largest = StatementSize.NONE;
    private int more;
    private int firstOfMore;

    SqlFacts facts() {
      if (more > 0) {
        losses.add(new Loss.Other(firstOfMore, "and " + more + " more losses from here on"));
      }
      return new SqlFacts(
          losses,
          endsTransaction,
          alone.filter(_ -> !allAlone),
          allRefuse,
          concurrently,
          largest,
          empty);
    }

    @Override
    public void statement(SqlStatement statement) {
      empty = false;
      LossRules.of(statement, statement.line()).forEach(this::add);
      allRefuse &= TransactionRules.refusesTransaction(statement);
      if (!TransactionRules.isNeverInside(statement)) {
        allAlone = false;
      } else if (alone.isEmpty()) {
        alone = Optional.of("line %d: %s".formatted(statement.line(), firstWords(statement)));
      }
      concurrently |= statement.has("concurrently");
      if (inFunction) { // it is written BEGIN ATOMIC … END
        inFunction = !statement.is(0, "end");
      } else {
        inFunction = statement.find(1, "begin", "atomic") >= 0;
        if (endsTransaction.isEmpty() && TransactionRules.isControl(statement)) {
          var word = statement.words().getFirst().text();
          endsTransaction = Optional.of("line %d: %s".formatted(statement.line(), word));
        }
      }
    }

    private static String firstWords(SqlStatement statement) {
      return statement.words().stream()
          .limit(3)
          .map(it -> it.text().toUpperCase(Locale.ROOT))
          .collect(Collectors.joining(" "));
    }

    @Override
    public void within(SqlStatement statement, int line) {
      LossRules.within(statement, line).forEach(this::add);
    }

    @Override
    public void unread(int line, String what) {
      add(new Loss.Untold(line, what));
    }

    @Override
    public void size(StatementSize size) {
      largest = StatementSize.larger(largest, size);
    }

    private void add(Loss loss) {
      if (losses.size() < MOST_LOSSES) {
        losses.add(loss);
      } else if (more++ == 0) {
        firstOfMore = loss.line();
      }
    }
  }
}
