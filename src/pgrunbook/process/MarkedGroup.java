package pgrunbook.process;

import java.util.List;

/**
 * A group and those of its members' children that have left it, by setsid or as daemons do: they
 * are known by a variable that they have inherited. Who has thrown away its environment, or belongs
 * to another user by now, is not found.
 */
record MarkedGroup(ProcessGroup group, String variable) implements ProcessGroup {
  @Override
  public void terminate() {
    var strays = strays(); // who is asked to end may take others along before they are found
    group.terminate();
    strays.forEach(ProcessHandle::destroy);
  }

  @Override
  public void kill() {
    group.kill();
    strays().forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public boolean isAlive() {
    return group.isAlive() || !strays().isEmpty();
  }

  private List<ProcessHandle> strays() {
    return ProcEnvironment.HERE.having(List.of(variable));
  }
}
