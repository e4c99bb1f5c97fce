package pgrunbook.rehearsal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The process that made a scratch cluster, so that another one can tell whether it is gone.
 *
 * @param started tells it from a later process with the same number
 * @param machine which machine's process numbers those are; a container has its own, and a Docker
 *     engine may serve several machines
 */
record Maker(long pid, String started, String machine) {
  private static final Path PROC = Path.of("/proc");
  private static final Path KERNEL = PROC.resolve("sys/kernel");

  static Maker current() {
    var pid = ProcessHandle.current().pid();
    return new Maker(pid, startOf(pid).orElse("unknown"), here());
  }

  /** Empty where the file is not there, or not whole. */
  static Optional<Maker> read(Path file) {
    try {
      var lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      return lines.size() == 3
          ? Optional.of(new Maker(Long.parseLong(lines.get(0)), lines.get(1), lines.get(2)))
          : Optional.empty();
    } catch (IOException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  void write(Path file) throws IOException {
    Files.write(file, List.of(Long.toString(pid), started, machine), StandardCharsets.UTF_8);
  }

  /** Whether it has surely ended; what happens on another machine can't be seen from here. */
  boolean isGone() {
    return machine.equals(here()) && !startOf(pid).equals(Optional.of(started));
  }

  /** When a process started, in a form that a change of the clock leaves alone where it can. */
  private static Optional<String> startOf(long pid) {
    if (!Files.exists(PROC.resolve("self/stat"))) {
      return ProcessHandle.of(pid).flatMap(it -> it.info().startInstant()).map(Object::toString);
    }
    try {
      var stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
      // proc(5): pid (name) state …, starttime is the 22nd field, the name may hold anything
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      var dead = fields[0].equals("Z") || fields[0].equals("X");
      return dead
          ? Optional.empty()
          : Optional.of(text(KERNEL, "random/boot_id") + " " + fields[19]);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static String here() {
    try {
      var processes = Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
      var id = text(Path.of("/etc"), "machine-id"); // two machines may have one name
      return text(KERNEL, "hostname") + " " + id + " " + processes;
    } catch (IOException | UnsupportedOperationException _) {
      return System.getProperty("os.name") + " " + hostName();
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      return "unknown";
    }
  }

  private static String text(Path folder, String file) {
    try {
      return Files.readString(folder.resolve(file)).strip();
    } catch (IOException _) {
      return "unknown";
    }
  }
}
