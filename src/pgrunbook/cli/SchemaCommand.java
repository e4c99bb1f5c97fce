package pgrunbook.cli;

import java.util.concurrent.Callable;
import pgrunbook.action.Action;
import pgrunbook.action.Registry;
import pgrunbook.environment.EnvironmentSchema;
import pgrunbook.runbook.ActionDoc;
import pgrunbook.runbook.RunbookSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** <code>schema</code>: JSON Schema for editors. */
@Command(
    name = "schema",
    description = "Print the JSON Schema of runbooks, for editors.",
    mixinStandardHelpOptions = true)
final class SchemaCommand implements Callable<Integer> {
  private final Context context;
  @Mixin final ProjectOption project = new ProjectOption();

  @Option(names = "--environment", description = "that of environments instead")
  private boolean environment = false;

  SchemaCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var text = environment ? EnvironmentSchema.generate() : ofRunbooks(context.registry());
    context.out().print(text.endsWith("\n") ? text : text + "\n");
    return Exit.DONE;
  }

  /** The schema of runbooks that may use these actions. */
  static String ofRunbooks(Registry registry) {
    return RunbookSchema.generate(registry.all().stream().map(SchemaCommand::doc).toList());
  }

  private static ActionDoc doc(Action<?, ?, ?> action) {
    var kind = action.kind();
    return new ActionDoc(kind.name(), kind.doc(), kind.input());
  }
}
