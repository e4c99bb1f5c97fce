package pgrunbook.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.launcher.CommandLauncherFactory;

/**
 * A process group with the child as its leader, also when its members lost their parents. Signals
 * go through handles: {@link Process#destroy} would close the child's input as well, and a program
 * that outlives the signal would take that for the end of its work.
 */
final class PosixGroup implements ProcessGroup {
  private static final Path PROC = Path.of("/proc");

  private final Process leader;

  PosixGroup(Process leader) {
    this.leader = leader;
  }

  @Override
  public void terminate() {
    leader.toHandle().destroy(); // it may not have made its group yet
    signal("TERM");
  }

  @Override
  public void kill() {
    leader.toHandle().destroyForcibly();
    signal("KILL");
  }

  @Override
  public boolean isAlive() {
    return leader.isAlive() || (Files.exists(PROC.resolve("self/stat")) ? inProc() : signal("0"));
  }

  /** The shell's own kill: a program of that name is not everywhere. */
  private boolean signal(String name) {
    var interrupted = false;
    try {
      var kill =
          new CommandLine("/bin/sh")
              .addArgument("-c", false)
              .addArgument("kill -s " + name + " -- -" + leader.pid() + " 2>/dev/null", false);
      var process = CommandLauncherFactory.createVMLauncher().exec(kill, null);
      while (true) {
        try {
          return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } catch (IOException _) {
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean inProc() {
    try (var folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (var folder : folders) {
        if (isRunningMember(folder)) {
          return true;
        }
      }
      return false;
    } catch (IOException _) {
      return signal("0");
    }
  }

  /** proc(5): <code>pid (name) state ppid pgrp …</code>, where the name may hold anything. */
  private boolean isRunningMember(Path folder) {
    try {
      var stat = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1);
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 4);
      var dead = fields[0].equals("Z") || fields[0].equals("X");
      return !dead && fields[2].equals(Long.toString(leader.pid()));
    } catch (IOException _) {
      return false; // it ended meanwhile
    }
  }
}
