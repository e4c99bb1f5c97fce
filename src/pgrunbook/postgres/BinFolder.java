package pgrunbook.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Deadline;
import pgrunbook.process.OutputSink;
import pgrunbook.process.Processes;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;

/** A folder with PostgreSQL's programs, all of one version. */
record BinFolder(Path path, int major) {
  static final String NAMED = "PGRUNBOOK_PG_BIN";

  /** Where packages put them; all of a folder's subfolders that match the second word. */
  private static final List<List<String>> USUAL =
      List.of(
          List.of("/usr/lib/postgresql", "*"),
          List.of("/usr", "pgsql-*"),
          List.of("/opt/homebrew/opt", "{postgresql@*,libpq}"),
          List.of("/usr/local/opt", "{postgresql@*,libpq}"));

  private static final List<String> ANY = List.of("pg_dump", "psql", "pg_restore", "postgres");
  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

  Optional<Path> program(String name) {
    return real(path.resolve(name));
  }

  /** What there is, the best first; a folder that was named comes before all others. */
  static List<BinFolder> all(
      Map<String, String> environment, Processes processes, Optional<Integer> wanted) {
    var named = Optional.ofNullable(environment.get(NAMED)).filter(n -> !n.isBlank()).map(Path::of);
    var found = new ArrayList<BinFolder>();
    named.map(path -> at(path, processes).orElseThrow(() -> nothing(path))).ifPresent(found::add);
    candidates(environment).parallelStream()
        .flatMap(path -> at(path, processes).stream())
        .sorted(Comparator.comparingInt(folder -> distance(folder.major(), wanted)))
        .forEachOrdered(found::add);
    return List.copyOf(found);
  }

  private static InvalidInput nothing(Path named) {
    return new InvalidInput(
        Problem.of(
            "there is no program of PostgreSQL in " + named,
            NAMED + " has to name a folder such as /usr/lib/postgresql/17/bin"));
  }

  /** A newer client can work with an older server, an older one refuses. */
  private static int distance(int major, Optional<Integer> wanted) {
    return wanted.map(w -> major >= w ? major - w : 1_000 + w - major).orElse(0);
  }

  private static Set<Path> candidates(Map<String, String> environment) {
    var result = new LinkedHashSet<Path>();
    Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(entry -> !entry.isEmpty())
        .map(Path::of)
        .forEach(result::add);
    USUAL.forEach(place -> result.addAll(below(Path.of(place.getFirst()), place.getLast())));
    return result;
  }

  private static List<Path> below(Path folder, String glob) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
      var result = new ArrayList<Path>();
      entries.forEach(entry -> result.add(entry.resolve("bin")));
      return result.stream().sorted(Comparator.reverseOrder()).toList();
    } catch (IOException _) {
      return List.of();
    }
  }

  private static Optional<BinFolder> at(Path folder, Processes processes) {
    return ANY.stream()
        .flatMap(name -> real(folder.resolve(name)).stream())
        .findFirst()
        .flatMap(program -> major(program, processes))
        .map(major -> new BinFolder(folder, major));
  }

  /** Debian's pg_wrapper chooses a version by rules of its own: the real programs are preferred. */
  private static Optional<Path> real(Path program) {
    try {
      return Files.isExecutable(program) && !program.toRealPath().endsWith("pg_wrapper")
          ? Optional.of(program)
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Optional<Integer> major(Path program, Processes processes) {
    var lines = new ArrayList<String>();
    try {
      processes.run(
          ChildCommand.of(program.toString(), "--version"),
          lines::add,
          OutputSink.none(),
          Deadline.in(Duration.ofSeconds(10)));
    } catch (IOException _) {
      return Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
    return lines.stream()
        .map(VERSION::matcher)
        .filter(matcher -> matcher.find())
        .map(matcher -> Integer.valueOf(matcher.group(1)))
        .findFirst();
  }
}
