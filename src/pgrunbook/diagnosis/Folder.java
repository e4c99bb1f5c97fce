package pgrunbook.diagnosis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.process.ChildCommand;
import pgrunbook.text.Bytes;
import pgrunbook.text.Masking;

/**
 * A folder that runs write to: whether this user may, and whether there is room.
 *
 * @param use what it is for, as in "free where …"
 */
record Folder(Path path, String use, Masking masking) {
  /** What a run needs for its journal and logs, whatever else it does. */
  private static final long LEAST = 10L << 20;

  Finding writable() {
    var there = existing();
    if (Files.exists(path) && !Files.isDirectory(path)) {
      return new Trouble(path + " is no folder", "move it away, or name another one");
    }
    if (Files.isWritable(there) && Files.isExecutable(there)) {
      return new Fine(
          there.equals(path)
              ? path + " can be written"
              : path + " is not there yet, and can be made");
    }
    return new Trouble(
        "permission denied: " + there + ", of " + owner(there) + ", can't be written by " + user(),
        there.equals(path) || owner(there).equals(user()) ? mine(there) : made(there));
  }

  /** What is missing of the path, made for this user: the rest is not his. */
  private String made(Path there) {
    var words = new ArrayList<>(List.of("sudo", "install", "-d", "-o", user()));
    var at = there;
    for (var name : there.relativize(path)) {
      at = at.resolve(name);
      words.add(at.toString());
    }
    return ChildCommand.of(words).shown(masking);
  }

  /** Whether so much fits, said as <code>needed</code>. */
  Finding room(long bytes, String needed) {
    try {
      var free = Files.getFileStore(existing()).getUsableSpace();
      var what = Bytes.shown(free) + " are free where " + use + needed;
      return free >= Math.max(bytes, LEAST)
          ? new Fine(what)
          : new Trouble(what, "see what takes the space: du -sh " + existing() + "/*");
    } catch (IOException e) {
      return new CouldNotCheck("free space where " + use, String.valueOf(e.getMessage()));
    }
  }

  /** Root's files come from containers, or runs, that were root in a folder of this machine. */
  String mine(Path file) {
    return ChildCommand.of(
            owner(file).equals(user())
                ? List.of("chmod", "-R", "u+rwX", file.toString())
                : List.of("sudo", "chown", "-R", user(), file.toString()))
        .shown(masking);
  }

  static String user() {
    return System.getProperty("user.name");
  }

  static String owner(Path file) {
    try {
      return Files.getOwner(file).getName();
    } catch (IOException _) {
      return "somebody else";
    }
  }

  private Path existing() {
    var at = path;
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }
}
