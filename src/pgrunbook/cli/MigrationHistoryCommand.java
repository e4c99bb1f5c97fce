package pgrunbook.cli;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import pgrunbook.cli.MigrationOptions.Seen;
import pgrunbook.migration.HistoryRow;
import pgrunbook.migration.Odd;
import pgrunbook.migration.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** <code>migration history</code>: what was applied, when and by whom. */
@Command(
    name = "history",
    description = "Show what was applied: when, by whom, how long it took, and its state.",
    mixinStandardHelpOptions = true)
final class MigrationHistoryCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Context context;
  @Mixin private final MigrationOptions options = new MigrationOptions();

  MigrationHistoryCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var seen = options.look(options.project(context));
    if (!seen.history().present()) {
      context.out().println("no history: there is no table " + seen.history().shown());
    }
    for (var row : seen.history().rows()) {
      context
          .out()
          .println(
              "%4d  %-14s  %s  %-12s %6d ms  %-8s %s"
                  .formatted(
                      row.rank(),
                      row.version().map(Version::toString).orElse("-"),
                      TIME.format(row.installedOn()),
                      row.installedBy(),
                      row.millis(),
                      state(row, seen),
                      row.description()));
    }
    return Exit.DONE;
  }

  private static String state(HistoryRow row, Seen seen) {
    if (!seen.state().applied().contains(row)) {
      return "past";
    }
    return seen.state().odd().stream()
        .map(odd ->
            switch (odd) {
              case Odd.Changed(var _, var _, var it) -> it.equals(row) ? "changed" : "";
              case Odd.Renamed(var _, var _, var it) -> it.equals(row) ? "renamed" : "";
              case Odd.Missing(var _, var it) -> it.equals(row) ? "no file" : "";
              case Odd.Newer(var _, var it) -> it.equals(row) ? "newer" : "";
              case Odd.Failed(var it) -> it.equals(row) ? "failed" : "";
              case Odd.OutOfOrder _, Odd.NotAdopted _, Odd.NoSchema _ -> "";
            })
        .filter(it -> !it.isEmpty())
        .findFirst()
        .orElse("applied");
  }
}
