package pgrunbook.actions;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.HexFormat;
import pgrunbook.action.Look;
import pgrunbook.backup.SqlScript;
import pgrunbook.text.TextFile;

/**
 * The SQL of a step.
 *
 * @param from the file, or where else it stands
 * @param sha256 of the text as it is shown: what a secret in it is, can't be guessed at
 */
record SqlText(String from, String text, String sha256) {
  /** What some editors begin a file with, and no server understands. */
  private static final String BOM = "\ufeff";

  private static final String RUNBOOK = "the runbook's SQL";

  /** Reads it as it is now. */
  static SqlText of(Sql.Input in, Look look) throws IOException {
    if (in.text().isPresent()) {
      return of(RUNBOOK, in.text().get(), look);
    }
    var file = in.file().orElseThrow();
    try {
      var path = look.target().project().resolve(file).normalize();
      var text = TextFile.read(path);
      return of(file, text.startsWith(BOM) ? text.substring(BOM.length()) : text, look);
    } catch (CharacterCodingException e) {
      throw (IOException) new IOException("it is not UTF-8").initCause(e);
    } catch (NoSuchFileException e) {
      throw (IOException) new IOException("there is no such file").initCause(e);
    }
  }

  private static SqlText of(String from, String text, Look look) {
    var shown = look.masking().mask(text).getBytes(StandardCharsets.UTF_8);
    return new SqlText(from, text, HexFormat.of().formatHex(Contents.sha256().digest(shown)));
  }

  SqlScript script(boolean oneTransaction) {
    return SqlScript.read(from, text, oneTransaction);
  }
}
