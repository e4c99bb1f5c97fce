package pgrunbook.rehearsal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Deadline;
import pgrunbook.process.OutputSink;
import pgrunbook.process.Processes;

/**
 * Where everything of one scratch cluster, or the files of a scratch container, lie. The folder and
 * what tells who made it belong to the maker, also where another user runs the server: what that
 * one can write is never trusted.
 */
record ScratchFolder(Path path) {
  static final String PREFIX = "pgrunbook-scratch-";

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int TAIL = 20;
  private static final int TAIL_BYTES = 16 * 1024;

  /** A new one in that folder, which nobody else can list. */
  static ScratchFolder create(Path parent) throws IOException {
    return create(parent, Maker.current());
  }

  static ScratchFolder create(Path parent, Maker maker) throws IOException {
    var real = parent.toRealPath();
    var folder = new ScratchFolder(Files.createTempDirectory(real, PREFIX, only("rwx------")));
    maker.write(folder.maker());
    return folder;
  }

  /** Those of that folder that this process's user has made, and that were not to be kept. */
  static List<ScratchFolder> of(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    List<ScratchFolder> found = new ArrayList<>();
    try (var children = Files.newDirectoryStream(parent.toRealPath(), PREFIX + "*")) {
      children.forEach(child -> found.add(new ScratchFolder(child)));
    }
    if (found.isEmpty()) {
      return List.of();
    }
    var probe = Files.createTempFile("pgrunbook", "");
    try {
      var self = Files.getOwner(probe);
      found.removeIf(folder -> !folder.isDirectoryOf(self));
      return found;
    } finally {
      Files.delete(probe);
    }
  }

  /** What tells its name from those of others. */
  String suffix() {
    return path.toString().substring(path.toString().lastIndexOf(PREFIX) + PREFIX.length());
  }

  /** What the server owns: a folder in this one, which its user has to be able to get to. */
  Path data() {
    return path.resolve("data");
  }

  Path log() {
    return path.resolve("log");
  }

  /** Makes the data folder, and lets the server's user through to it. */
  void open(ServerUser user) throws IOException {
    Files.createDirectory(data(), only("rwx------"));
    if (user.other().isPresent()) {
      user.own(data());
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
    }
  }

  /** A file that holds a password; whoever it is for owns it. */
  Path secret(String name, String text, ServerUser reader) throws IOException {
    var file = Files.createFile(path.resolve(name), only("rw-------"));
    Files.writeString(file, text + "\n");
    reader.own(file);
    return file;
  }

  Optional<Maker> madeBy() {
    return Maker.read(maker());
  }

  /** From now on it is nobody's leftover. */
  void keep() throws IOException {
    Files.deleteIfExists(maker());
  }

  /** The last lines that the server wrote. */
  List<String> logTail() {
    try (var file = new RandomAccessFile(log().toFile(), "r")) {
      var bytes = new byte[(int) Math.min(file.length(), TAIL_BYTES)];
      file.seek(file.length() - bytes.length);
      file.readFully(bytes);
      var lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return List.copyOf(lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
    } catch (IOException _) {
      return List.of();
    }
  }

  /** By rm, which can't be led astray by a link that somebody puts there meanwhile. */
  void remove(Processes processes) throws IOException, InterruptedException {
    var command = ChildCommand.of("rm", "-rf", "--", path.toString()).in(Path.of("/"));
    var ended = processes.run(command, OutputSink.none(), OutputSink.none(), Deadline.in(PATIENCE));
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("cannot remove " + path + ": " + ended.why());
    }
  }

  private Path maker() {
    return path.resolve("maker");
  }

  private boolean isDirectoryOf(UserPrincipal user) {
    try {
      return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
          && Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(user);
    } catch (IOException _) {
      return false;
    }
  }

  private static FileAttribute<?> only(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }
}
