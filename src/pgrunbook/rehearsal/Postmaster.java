package pgrunbook.rehearsal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Deadline;
import pgrunbook.process.OutputSink;
import pgrunbook.process.Processes;

/** The first process of the server that works on a data folder, whoever has started it. */
final class Postmaster {
  /** For a shutdown that rolls back and ends sessions, and for one that only ends them. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final long PAUSE_MILLIS = 10;

  private final Path data;
  private final Processes processes;

  Postmaster(Path data, Processes processes) {
    this.data = data;
    this.processes = processes;
  }

  /** Whether it takes connections: the eighth line of its file says so, as for pg_ctl. */
  boolean isReady() {
    var lines = file();
    return lines.size() >= 8 && lines.get(7).strip().equals("ready");
  }

  /** The process, where it runs and is really the one of this folder: numbers are used again. */
  Optional<ProcessHandle> running() {
    return file().stream()
        .findFirst()
        .filter(first -> first.strip().matches("[0-9]{1,10}"))
        .flatMap(first -> ProcessHandle.of(Long.parseLong(first.strip())))
        .filter(this::isOurs);
  }

  /**
   * Stops the server and comes back when it is gone: fast, then at once, then by KILL, which its
   * children get as well, for they are in groups of their own.
   */
  void stop() throws IOException, InterruptedException {
    var process = running();
    if (process.isEmpty()) {
      return;
    }
    for (var signal : List.of("INT", "QUIT")) {
      signal(process.get(), signal);
      if (ends(process.get())) {
        return;
      }
    }
    var children = process.get().descendants().toList();
    process.get().destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    if (!ends(process.get())) {
      throw new IOException("process " + process.get().pid() + " does not end");
    }
  }

  private boolean ends(ProcessHandle process) throws InterruptedException {
    var deadline = Deadline.in(PATIENCE);
    while (isOurs(process)) {
      if (deadline.expired()) {
        return false;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    return true;
  }

  /** One that has ended and was not reaped yet has no arguments any more. */
  private boolean isOurs(ProcessHandle process) {
    var arguments = process.info().arguments().stream().flatMap(Stream::of);
    return process.isAlive() && arguments.anyMatch(data.toString()::equals);
  }

  /** By the shell's own kill: a program of that name is not everywhere. */
  private void signal(ProcessHandle process, String name) throws IOException, InterruptedException {
    var command = ChildCommand.of("/bin/sh", "-c", "kill -s " + name + " " + process.pid());
    processes.run(command, OutputSink.none(), OutputSink.none(), Deadline.in(PATIENCE));
  }

  private List<String> file() {
    try {
      return Files.readAllLines(data.resolve("postmaster.pid"), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return List.of();
    }
  }
}
