package pgrunbook.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What was done in numbers, and what was lost. */
final class Tally {
  private final Consumer<String> told;
  private final List<String> lost = new ArrayList<>();
  private int kills;
  private int runs;
  private int resumed;
  private int undone;
  private int unbegun;

  /**
   * @param told each run and what became of it
   */
  Tally(Consumer<String> told) {
    this.told = told;
  }

  void kill() {
    kills++;
  }

  void resumed() {
    runs++;
    resumed++;
  }

  void undone() {
    runs++;
    undone++;
  }

  /** Killed before anything was written down. */
  void unbegun() {
    runs++;
    unbegun++;
  }

  void held(String how) {
    told.accept(how + ": nothing lost");
  }

  void lost(String how) {
    lost.add(how);
    told.accept("LOST: " + how);
  }

  void add(Tally other) {
    kills += other.kills;
    runs += other.runs;
    resumed += other.resumed;
    undone += other.undone;
    unbegun += other.unbegun;
    lost.addAll(other.lost);
  }

  int kills() {
    return kills;
  }

  List<String> lost() {
    return List.copyOf(lost);
  }

  @Override
  public String toString() {
    return "%d kills in %d runs: %d resumed to their end, %d rolled back, %d had not begun; lost: %d"
        .formatted(kills, runs, resumed, undone, unbegun, lost.size());
  }
}
