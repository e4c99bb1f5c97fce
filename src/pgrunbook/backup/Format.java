package pgrunbook.backup;

/** The kinds of backup that can be restored here. */
public enum Format {
  PLAIN(".sql", "plain SQL"),
  GZIP(".sql.gz", "plain SQL, compressed with gzip"),
  CUSTOM(".dump", "custom archive"),
  DIRECTORY(".dir", "directory archive");

  private final String extension;
  private final String shown;

  Format(String extension, String shown) {
    this.extension = extension;
    this.shown = shown;
  }

  /** What a name ends with; only for new names: a format is recognised by content. */
  public String extension() {
    return extension;
  }

  public String shown() {
    return shown;
  }

  /** Whether pg_restore reads it; psql reads the others. */
  public boolean isArchive() {
    return this == CUSTOM || this == DIRECTORY;
  }
}
