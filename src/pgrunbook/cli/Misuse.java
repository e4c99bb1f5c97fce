package pgrunbook.cli;

import java.util.List;
import pgrunbook.text.Masking;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/** Says what is wrong with a command line, but not what somebody meant to be a param's value. */
record Misuse(IParameterExceptionHandler usual) implements IParameterExceptionHandler {
  private static final String SET = "--set";

  @Override
  public int handleParseException(ParameterException e, String[] arguments) throws Exception {
    var message = String.valueOf(e.getMessage());
    var shown = message;
    var words = List.of(arguments);
    for (int i = 0; i < words.size(); i++) {
      var word = words.get(i);
      var value =
          word.startsWith(SET + "=")
              ? word.substring(SET.length() + 1)
              : i > 0 && words.get(i - 1).equals(SET) ? word : "";
      shown = value.isEmpty() ? shown : shown.replace(value, Masking.MASK);
    }
    return usual.handleParseException(
        shown.equals(message) ? e : new ParameterException(e.getCommandLine(), shown), arguments);
  }
}
