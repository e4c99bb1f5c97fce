package pgrunbook.action;

/** The step's own log file: everything its children and its SQL said, masked and bounded. */
@FunctionalInterface
public interface StepLog {
  void line(String text);
}
