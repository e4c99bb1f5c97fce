package pgrunbook.migration;

import java.util.List;
import java.util.Optional;

/**
 * One statement of a file, as the words that it is made of.
 *
 * @param line where it begins, from 1
 * @param whole whether those are all words that the rules look at
 */
record SqlStatement(int line, List<Word> words, boolean whole) {

  /**
   * A word, a name, a symbol or a string.
   *
   * @param text a word in lower case, a quoted name without its quotes, the beginning of a string
   */
  record Word(String text, Kind kind) {}

  /** What a word is. */
  enum Kind {
    WORD,
    QUOTED,
    SYMBOL,
    STRING
  }

  SqlStatement {
    words = List.copyOf(words);
  }

  /** From a word on. */
  SqlStatement from(int index) {
    return new SqlStatement(line, words.subList(index, words.size()), whole);
  }

  boolean is(int index, String word) {
    return index >= 0
        && index < words.size()
        && words.get(index).kind() != Kind.QUOTED
        && words.get(index).kind() != Kind.STRING
        && words.get(index).text().equals(word);
  }

  boolean starts(int index, String... expected) {
    for (var i = 0; i < expected.length; i++) {
      if (!is(index + i, expected[i])) {
        return false;
      }
    }
    return true;
  }

  boolean has(String word) {
    return find(0, word) >= 0;
  }

  /** Where the words stand, one after the other; -1 where they don't. */
  int find(int from, String... expected) {
    for (var i = from; i < words.size(); i++) {
      if (starts(i, expected)) {
        return i;
      }
    }
    return -1;
  }

  /** Behind IF EXISTS and ONLY, where they stand. */
  int skipNoise(int index) {
    var i = starts(index, "if", "exists") ? index + 2 : index;
    return is(i, "only") ? i + 1 : i;
  }

  /** The name, with its schema where it has one, that stands at an index. */
  Optional<SqlName> name(int index) {
    if (!isName(index)) {
      return Optional.empty();
    }
    var first = words.get(index).text();
    return is(index + 1, ".") && isName(index + 2)
        ? Optional.of(new SqlName(List.of(first, words.get(index + 2).text())))
        : Optional.of(new SqlName(List.of(first)));
  }

  /** Behind the name at an index. */
  int afterName(int index) {
    return is(index + 1, ".") ? index + 3 : index + 1;
  }

  private boolean isName(int index) {
    return index < words.size()
        && !words.get(index).text().isEmpty()
        && (words.get(index).kind() == Kind.WORD || words.get(index).kind() == Kind.QUOTED);
  }
}
