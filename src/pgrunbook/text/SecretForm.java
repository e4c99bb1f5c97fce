package pgrunbook.text;

/** One way in which a secret can stand in a text. */
sealed interface SecretForm permits SpelledForm, CodedForm {
  /** The text without it. */
  String mask(String text);

  /** How many characters it takes at most. */
  int longest();
}
