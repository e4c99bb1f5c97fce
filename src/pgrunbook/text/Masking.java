package pgrunbook.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Replaces secrets, and what the usual encodings make of them, in everything that leaves the
 * program.
 */
public final class Masking {
  public static final String MASK = "***";
  public static final Masking NONE = new Masking(List.of());

  /** Shorter ones would mask half of every text, and are no secret either. */
  private static final int SHORTEST = 3;

  /** A shorter line of a secret that has several is in many texts, and tells nothing. */
  private static final int SHORTEST_LINE = 6;

  /** A longer one is masked in parts: patterns of it would be too deep. */
  private static final int LONGEST_PART = 200;

  private final List<SecretForm> forms;

  /** Texts of fewer than three characters are left out. */
  public Masking(Collection<Secret> secrets) {
    var all = new ArrayList<SecretForm>();
    for (var text : texts(secrets)) {
      all.add(new SpelledForm(text));
      CodedForm.of(text).forEach(all::add);
    }
    all.sort(Comparator.comparingInt(SecretForm::longest).reversed());
    forms = List.copyOf(all);
  }

  /** The longest first; a program's output comes line by line, and so may a secret of several. */
  private static List<String> texts(Collection<Secret> secrets) {
    Set<String> texts = new LinkedHashSet<>();
    for (var secret : secrets) {
      var text = secret.reveal();
      if (text.length() >= SHORTEST && text.length() <= LONGEST_PART) {
        texts.add(text);
      }
      text.lines()
          .map(String::strip)
          .filter(line -> line.length() >= SHORTEST_LINE)
          .forEach(line -> texts.addAll(parts(line)));
    }
    return List.copyOf(texts);
  }

  /** Of about the same length, so that none is too short to be masked. */
  private static List<String> parts(String line) {
    var count = (line.length() + LONGEST_PART - 1) / LONGEST_PART;
    var size = (line.length() + count - 1) / count;
    var parts = new ArrayList<String>();
    for (int from = 0; from < line.length(); from += size) {
      parts.add(line.substring(from, Math.min(line.length(), from + size)));
    }
    return parts;
  }

  public String mask(String text) {
    var masked = text;
    for (var form : forms) {
      masked = form.mask(masked);
    }
    return masked;
  }

  /** The length of the longest form, so that a reader of a stream knows how much to hold back. */
  public int longest() {
    return forms.isEmpty() ? 0 : forms.getFirst().longest();
  }
}
