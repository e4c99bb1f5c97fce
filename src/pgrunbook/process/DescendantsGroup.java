package pgrunbook.process;

import java.util.ArrayList;
import java.util.List;

/** The next best thing where there is no setsid: a grandchild that lost its parent escapes. */
final class DescendantsGroup implements ProcessGroup {
  private final Process child;
  private final List<ProcessHandle> seen = new ArrayList<>();

  DescendantsGroup(Process child) {
    this.child = child;
  }

  @Override
  public synchronized void terminate() {
    look();
    seen.forEach(ProcessHandle::destroy);
    child.toHandle().destroy();
  }

  @Override
  public synchronized void kill() {
    look();
    seen.forEach(ProcessHandle::destroyForcibly);
    child.toHandle().destroyForcibly();
  }

  @Override
  public synchronized boolean isAlive() {
    look();
    return child.isAlive() || seen.stream().anyMatch(ProcessHandle::isAlive);
  }

  private void look() {
    child.descendants().filter(handle -> !seen.contains(handle)).forEach(seen::add);
  }
}
