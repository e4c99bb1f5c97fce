package pgrunbook.journal;

/** The journal can't be written, or can't be trusted as it reads; nothing may go on without it. */
public final class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String hint;

  public JournalException(String what, String hint, Throwable cause) {
    super(what, cause);
    this.hint = hint;
  }

  public JournalException(String what, String hint) {
    super(what);
    this.hint = hint;
  }

  public String hint() {
    return hint;
  }
}
