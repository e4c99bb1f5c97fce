package pgrunbook.action;

/** Names a step inside a run: its id, or for the way back of a step <code>id/undo</code>. */
public record StepPath(String text) {
  private static final String UNDO = "/undo";

  public StepPath undo() {
    return new StepPath(text + UNDO);
  }

  public boolean isUndo() {
    return text.endsWith(UNDO);
  }

  @Override
  public String toString() {
    return text;
  }
}
