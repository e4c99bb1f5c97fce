package pgrunbook.rehearsal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import pgrunbook.postgres.Tools;
import pgrunbook.process.Children;
import pgrunbook.process.Processes;

/** A folder for scratch clusters of one test, which the server's user can get to. */
final class ScratchPlace implements AutoCloseable {
  static final Processes PROCESSES = new Children();

  final Path path;

  ScratchPlace() throws IOException {
    path = Files.createTempDirectory("pgrunbook-test");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
  }

  /** The programs of this machine; the server's, and clients of the same version. */
  static Tools tools() {
    var server = Tools.find(System.getenv(), Optional.empty(), PROCESSES).major("postgres");
    return Tools.find(System.getenv(), server, PROCESSES);
  }

  ScratchCluster start() throws IOException, InterruptedException {
    return ScratchCluster.start(tools(), PROCESSES, path);
  }

  List<Path> folders() throws IOException {
    try (var all = Files.list(path)) {
      return all.toList();
    }
  }

  /** The processes that name a folder here among their arguments. */
  List<Long> processes() {
    return ProcessHandle.allProcesses()
        .filter(it -> arguments(it).anyMatch(argument -> argument.contains(path.toString())))
        .map(ProcessHandle::pid)
        .toList();
  }

  static Stream<String> arguments(ProcessHandle process) {
    return process.info().arguments().stream().flatMap(Stream::of);
  }

  @Override
  public void close() throws IOException {
    Files.delete(path); // fails where something was left
  }
}
