package pgrunbook.text;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Replaces secrets, and the usual encodings of them, in everything that leaves the program. */
public final class Masking {
  public static final String MASK = "***";
  public static final Masking NONE = new Masking(List.of());

  /** Shorter ones would mask half of every text, and are no secret either. */
  private static final int SHORTEST = 3;

  private final List<String> forms;

  public Masking(Collection<Secret> secrets) {
    Set<String> all = new LinkedHashSet<>();
    for (var secret : secrets) {
      var text = secret.reveal();
      if (text.length() >= SHORTEST) {
        addForms(all, text);
      }
    }
    forms = all.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
  }

  private static void addForms(Set<String> all, String text) {
    all.add(text);
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    all.add(URLEncoder.encode(text, StandardCharsets.UTF_8));
    all.add(URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20"));
    all.add(Base64.getEncoder().encodeToString(bytes));
    all.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
    all.add(Base64.getUrlEncoder().encodeToString(bytes));
    all.add(text.replace("'", "''"));
    all.add(text.replace("\\", "\\\\").replace("\"", "\\\""));
  }

  public String mask(String text) {
    var masked = text;
    for (var form : forms) {
      masked = masked.replace(form, MASK);
    }
    return masked;
  }

  /** The length of the longest form, so that a reader of a stream knows how much to hold back. */
  public int longest() {
    return forms.isEmpty() ? 0 : forms.getFirst().length();
  }
}
