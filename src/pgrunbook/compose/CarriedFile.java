package pgrunbook.compose;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Deadline;
import pgrunbook.process.OutputSink;
import pgrunbook.process.Stdin;

/**
 * A text file of this machine that lies in a container while a program there uses it, and comes
 * back as the program left it: what lies in a container only is lost with it.
 *
 * @param there where in the container
 */
public record CarriedFile(Inside inside, Docker docker, Path here, String there) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String WRITE = "umask 077 && cat > \"$1\"";
  private static final String TAKE = "cat \"$1\" && rm -f \"$1\"";

  /** Puts it there; an empty one where there is none so far. */
  public void put() throws IOException, InterruptedException {
    var text = Files.exists(here) ? Files.readString(here) : "";
    var finished =
        docker
            .processes()
            .run(
                command(WRITE),
                Stdin.of(text),
                OutputSink.none(),
                OutputSink.none(),
                Deadline.in(PATIENCE));
    if (!finished.succeeded()) {
      throw new IOException("cannot write " + there + " in " + inside.shown());
    }
  }

  /** Takes it back; only its owner can read it then. */
  public void take() throws IOException {
    var text = String.join("\n", docker.lines(command(TAKE)));
    var part =
        Files.createTempFile(
            here.getParent(),
            "history",
            ".part",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(part, text.isEmpty() ? "" : text + "\n");
    Files.move(part, here, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private ChildCommand command(String script) {
    var unix = new UnixSystem();
    var options = List.of("--user", unix.getUid() + ":" + unix.getGid());
    return inside.exec(options, options, List.of("sh", "-c", script, "file", there));
  }
}
