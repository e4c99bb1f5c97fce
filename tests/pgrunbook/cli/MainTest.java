package pgrunbook.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.action.Registry;
import pgrunbook.actions.Actions;

class MainTest {
  /** What a command line prints, with its exit code. */
  private static String said(ToIntFunction<Main> what) {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    var exit = what.applyAsInt(new Main(context(out)));
    return bytes.toString(StandardCharsets.UTF_8) + exit;
  }

  private static Context context(PrintStream out) {
    var signals = Signals.listen();
    signals.ended();
    return new Context(
        new Registry(Actions.all()), out, out, false, signals, UnaryOperator.identity());
  }

  @Test
  void a_command_alone_is_what_it_is_among_all() {
    var names = new Main(context(System.out)).line().getSubcommands().keySet();
    assertThat(names).contains("run", "migration").hasSize(16);
    for (var name : names) {
      assertThat(said(main -> main.execute(name, "--help")))
          .as(name)
          .startsWith("Usage: runbook " + name)
          .isEqualTo(said(main -> main.line().execute(name, "--help")));
      assertThat(said(main -> main.execute(name, "--no-such-option")))
          .as(name)
          .isEqualTo(said(main -> main.line().execute(name, "--no-such-option")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "plam", "--version", ""})
  void without_a_command_all_are_known(String word) {
    assertThat(said(main -> main.execute(word))).isEqualTo(said(main -> main.line().execute(word)));
  }
}
