package pgrunbook.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import pgrunbook.action.Progress;
import pgrunbook.action.StepPath;
import pgrunbook.engine.Watcher;
import pgrunbook.text.Bytes;
import pgrunbook.text.Durations;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;

/** Shows a run as plain lines; on a terminal, what the current step does is a line that changes. */
final class Console implements Watcher, AutoCloseable {
  private static final long EVERY_NANOS = 200_000_000;
  private static final long EVERY_NANOS_IN_FILES = 10_000_000_000L;
  private static final int WIDTH = 79;
  private static final byte[] WIPE = "\r\u001b[2K".getBytes(StandardCharsets.US_ASCII);

  private final PrintStream out;
  private final boolean terminal;
  private final Masking masking;
  private final Show show = new Show();
  private final Set<String> simulated = new HashSet<>();

  Console(PrintStream out, boolean terminal, Masking masking) {
    this.out = out;
    this.terminal = terminal;
    this.masking = masking;
  }

  /** From now on that step is named as one that nothing real stands behind. */
  synchronized void simulates(String step) {
    simulated.add(step);
  }

  @Override
  public synchronized void starts(StepPath step, String title, int attempt) {
    show.reset();
    var again = attempt == 1 ? "" : " (attempt " + attempt + ")";
    if (terminal) {
      show.replace("  … " + title + again);
    } else if (attempt > 1) {
      line("      " + step + again);
    }
  }

  @Override
  public synchronized void ends(
      StepPath step, String title, Ending ending, Duration took, Optional<Problem> why) {
    var mark =
        switch (ending) {
          case DONE, FOUND_DONE -> "ok    ";
          case SKIPPED -> "skip  ";
          case FAILED -> "FAILED";
          case WILL_RETRY -> "again ";
          case INTERRUPTED -> "stop  ";
          case UNKNOWN -> "?     ";
        };
    var time = ending == Ending.FOUND_DONE ? "found done" : Durations.shown(took);
    line(
        String.format(
            java.util.Locale.ROOT, "%s %-24s %10s  %s", mark, step, time, title + note(step)));
    why.ifPresent(problem -> line("       " + problem.toString().replace("\n", "\n       ")));
  }

  private String note(StepPath step) {
    return simulated.contains(step.text()) ? " (simulated)" : "";
  }

  @Override
  public synchronized void note(String text) {
    line("       " + text);
  }

  /** A problem, for wherever problems go. */
  String shown(Problem problem) {
    return masking.mask(problem.toString());
  }

  /** A line of its own, whatever the changing line shows. */
  synchronized void line(String text) {
    show.wipe();
    out.println(masking.mask(text));
    out.flush();
  }

  @Override
  public Progress progress() {
    return show;
  }

  /** Takes the changing line away. */
  @Override
  public synchronized void close() {
    show.wipe();
    out.flush();
  }

  /** The changing line. */
  private final class Show implements Progress {
    private long since = System.nanoTime();
    private long last = since;
    private boolean visible;

    void reset() {
      since = System.nanoTime();
      last = since;
    }

    @Override
    public void bytes(long done, long total) {
      var now = System.nanoTime();
      if (now - last < (terminal ? EVERY_NANOS : EVERY_NANOS_IN_FILES)) {
        return;
      }
      last = now;
      var seconds = (now - since) / 1e9;
      var rate = seconds > 0 ? done / seconds : 0;
      var text = new StringBuilder("  … ").append(Bytes.shown(done));
      if (total > 0) {
        text.append(" of ").append(Bytes.shown(total));
      }
      text.append(", ").append(Bytes.shown((long) rate)).append("/s");
      if (total > done && rate > 0) {
        var left = Duration.ofSeconds((long) ((total - done) / rate));
        text.append(", ").append(Durations.shown(left)).append(" left");
      }
      show(text.toString());
    }

    @Override
    public void doing(String what) {
      since = System.nanoTime();
      if (terminal) {
        show("  … " + what);
      }
    }

    private void show(String text) {
      synchronized (Console.this) {
        if (terminal) {
          replace(text);
        } else {
          line("    " + text);
        }
      }
    }

    void replace(String text) {
      var masked = masking.mask(text);
      var cut = masked.length() > WIDTH ? masked.substring(0, WIDTH) : masked;
      wipeLine();
      out.print(cut);
      out.flush();
      visible = true;
    }

    /** As bytes, which nobody spells out. */
    private void wipeLine() {
      out.writeBytes(WIPE);
    }

    void wipe() {
      if (visible) {
        wipeLine();
        visible = false;
      }
    }
  }
}
