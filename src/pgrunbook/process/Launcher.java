package pgrunbook.process;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.commons.exec.launcher.CommandLauncherFactory;

/** Starts a program as the leader of a session and process group of its own. */
final class Launcher {
  private final Supplier<Map<String, String>> inherited;

  Launcher(Supplier<Map<String, String>> inherited) {
    this.inherited = inherited;
  }

  Started start(ChildCommand command) throws IOException {
    var line = line(command, true);
    var process =
        CommandLauncherFactory.createVMLauncher()
            .exec(new ExactCommandLine(line.words()), line.environment(), line.folder().toFile());
    return started(command, process, line);
  }

  /** The same with this process's own standard output in place of a pipe. */
  Started attached(ChildCommand command, Redirect stdin) throws IOException {
    var line = line(command, true);
    var process = line.builder().redirectInput(stdin).redirectOutput(Redirect.INHERIT).start();
    return started(command, process, line);
  }

  private static Started started(ChildCommand command, Process process, Line line) {
    var group = ProcessGroup.of(process, line.ownGroup());
    return new Started(
        process,
        group,
        command.mark().<ProcessGroup>map(it -> new MarkedGroup(group, it)).orElse(group));
  }

  /** In this process's group: only so may it use the terminal. */
  Process inTerminal(ChildCommand command) throws IOException {
    return line(command, false).builder().inheritIO().start();
  }

  private Line line(ChildCommand command, boolean ownGroup) throws IOException {
    var environment = command.environmentFrom(inherited.get());
    var path = environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    var folder = command.folder().orElse(Path.of(""));
    if (!Files.isDirectory(folder.toAbsolutePath())) {
      throw new IOException("cannot run '" + command.program() + "': no folder " + folder);
    }
    var program = resolve(command.program(), folder, path);
    var setsid = ownGroup ? inPath("setsid", path) : Optional.<Path>empty();
    var words = new ArrayList<String>();
    setsid.ifPresent(it -> words.add(it.toString()));
    words.add(program.toString());
    words.addAll(command.argv().subList(1, command.argv().size()));
    return new Line(words, environment, folder.toAbsolutePath(), setsid.isPresent());
  }

  /** What is started, when everything is looked up. */
  private record Line(
      List<String> words, Map<String, String> environment, Path folder, boolean ownGroup) {
    ProcessBuilder builder() {
      var builder = new ProcessBuilder(words).directory(folder.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      return builder;
    }
  }

  /**
   * A child.
   *
   * @param group what ends with it
   * @param all what ends with it where it is ended
   */
  record Started(Process process, ProcessGroup group, ProcessGroup all) {}

  private static Path resolve(String program, Path folder, String path) throws IOException {
    if (program.contains("/")) {
      var file = folder.toAbsolutePath().resolve(program);
      if (Files.isExecutable(file) && !Files.isDirectory(file)) {
        return file;
      }
      throw new IOException("cannot run '" + program + "': no such program, or not executable");
    }
    return inPath(program, path)
        .orElseThrow(() -> new IOException("cannot run '" + program + "': not found in PATH"));
  }

  private static Optional<Path> inPath(String program, String path) {
    return Stream.of(path.split(File.pathSeparator))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry, program).toAbsolutePath())
        .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
        .findFirst();
  }
}
