package pgrunbook.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system of its own on a folder, small or read-only; closing it takes it away. Only root may
 * mount: elsewhere the test is skipped and says so.
 */
public final class SmallDisk implements AutoCloseable {
  private static final int PAGE = 4096;

  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** An empty disk of that size, such as <code>8m</code>. */
  public static SmallDisk at(Path folder, String size) {
    return mounted(folder, "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
  }

  /** The folder with what is in it, but nobody can write to it, not even root. */
  public static SmallDisk readOnly(Path folder) {
    var disk = mounted(folder, "--bind", folder.toString(), folder.toString());
    disk.mount("-o", "remount,bind,ro", folder.toString());
    return disk;
  }

  private static SmallDisk mounted(Path folder, String... arguments) {
    try {
      assumeTrue("root".equals(System.getProperty("user.name")), "only root may mount a disk");
      Files.createDirectories(folder);
      var disk = new SmallDisk(folder);
      assumeTrue(disk.mount(arguments) == 0, "no disk can be mounted here");
      return disk;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path folder() {
    return folder;
  }

  /** Makes it larger or smaller. */
  public void size(String size) {
    mount("-o", "remount,size=" + size, folder.toString());
  }

  /** Fills it but for so many pages of 4 KB. */
  public SmallDisk fill(int pages) {
    try {
      var room = Files.getFileStore(folder).getUsableSpace() - (long) pages * PAGE;
      Files.write(filler(), new byte[(int) room]);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes away what filled it. */
  public void empty() {
    try {
      Files.deleteIfExists(filler());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  private int mount(String... arguments) {
    return run("mount", arguments);
  }

  @Override
  public void close() {
    if (run("umount", folder.toString()) != 0) {
      run("umount", "--lazy", folder.toString()); // somebody still works in it
    }
  }

  private static int run(String program, String... arguments) {
    var line = new java.util.ArrayList<>(List.of(program));
    line.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(line).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
