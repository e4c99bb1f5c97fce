package pgrunbook.rehearsal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import pgrunbook.process.Processes;

/** Scratch clusters whose makers were killed before they could close them. */
final class StaleClusters {
  private StaleClusters() {}

  static List<Path> remove(Processes processes, Path parent)
      throws IOException, InterruptedException {
    List<Path> removed = new ArrayList<>();
    for (var folder : ScratchFolder.of(parent)) {
      if (folder.madeBy().filter(Maker::isGone).isPresent()) {
        try {
          new Postmaster(folder.data(), processes).stop();
          folder.remove(processes);
          removed.add(folder.path());
        } catch (IOException _) {
          // one that can't be removed is no reason against a new one
        }
      }
    }
    return List.copyOf(removed);
  }
}
