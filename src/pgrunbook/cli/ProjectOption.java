package pgrunbook.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** <code>-C DIR</code>, which every command takes. */
final class ProjectOption {
  private static final String NAME = "-C";

  @Option(
      names = NAME,
      paramLabel = "DIR",
      description = "act as if started in this project folder")
  Optional<Path> folder = Optional.empty();

  /** In front of a command it means the same as behind it, as in git. */
  static void handDown(ParseResult parsed) {
    Optional<Path> named = Optional.empty();
    for (var each = parsed; each != null; each = each.subcommand()) {
      var option = each.commandSpec().findOption(NAME);
      if (option == null) {
        continue;
      }
      var isOptional = option.type() == Optional.class;
      if (each.hasMatchedOption(NAME)) {
        named = isOptional ? option.getValue() : Optional.of(option.<Path>getValue());
      } else if (named.isPresent()) {
        option.setValue(isOptional ? named : named.get());
      }
    }
  }

  Project find(Context context) {
    return Project.find(folder, context.secrets());
  }
}
