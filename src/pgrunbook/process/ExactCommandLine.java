package pgrunbook.process;

import java.util.List;
import org.apache.commons.exec.CommandLine;

/**
 * Words that reach a program as they are: Commons Exec's own command line takes the blanks from
 * both ends of each, which changes SQL, labels and names.
 */
final class ExactCommandLine extends CommandLine {
  private final List<String> words;

  /** A command line of the program's absolute path and its arguments. */
  ExactCommandLine(List<String> words) {
    super(words.getFirst());
    this.words = List.copyOf(words);
  }

  /** What the launchers start. */
  @Override
  public String[] toStrings() {
    return words.toArray(String[]::new);
  }

  @Override
  public String getExecutable() {
    return words.getFirst();
  }

  @Override
  public String[] getArguments() {
    return words.stream().skip(1).toArray(String[]::new);
  }
}
