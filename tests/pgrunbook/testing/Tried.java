package pgrunbook.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Counts what the tests have tried to lose data by: a fault for each test that is tagged <code>
 * fault</code>, an input for each that is tagged <code>hostile</code>, and the numbers that tests
 * publish as <code>kills</code> and <code>inputs</code>. <code>scripts/check</code> prints the
 * sums.
 */
public final class Tried implements TestExecutionListener {
  private static final Map<TestTag, String> TAGS =
      Map.of(TestTag.create("fault"), "faults", TestTag.create("hostile"), "inputs");

  private final Optional<Path> file =
      Optional.ofNullable(System.getProperty("pgrunbook.tried")).map(Path::of);

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (!test.isTest()) {
      return;
    }
    for (var tag : test.getTags()) {
      if (TAGS.containsKey(tag)) {
        switch (result.getStatus()) {
          case SUCCESSFUL -> note(TAGS.get(tag), "1");
          case FAILED -> note("lost", "1");
          case ABORTED -> {} // skipped by name: nothing was tried
        }
      }
    }
  }

  @Override
  public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
    entry
        .getKeyValuePairs()
        .forEach((key, value) -> {
          if (key.equals("kills") || key.equals("inputs")) {
            note(key, value);
          }
        });
  }

  private void note(String what, String number) {
    file.ifPresent(it -> {
      try {
        Files.writeString(
            it, what + " " + number + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }
}
