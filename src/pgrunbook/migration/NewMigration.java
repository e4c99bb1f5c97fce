package pgrunbook.migration;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.Normalizer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;

/**
 * A migration that is going to be written.
 *
 * @param slug the description as the files' names say it
 */
public record NewMigration(Path folder, Version version, String slug) {
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyyMMddHHmm");
  private static final int LONGEST_SLUG = 80;

  /**
   * Names it after its description and the minute, in UTC.
   *
   * @param newest the version that it has to be after: of the files, or of a database's history
   * @throws InvalidInput where the description leaves nothing for a name
   */
  public static NewMigration of(
      Path folder, String description, Optional<Version> newest, Instant now) {
    var version = Version.of(MINUTE.format(now.atOffset(ZoneOffset.UTC)));
    var raised = newest.filter(it -> it.compareTo(version) >= 0).map(NewMigration::after);
    return new NewMigration(folder, raised.orElse(version), slug(description));
  }

  /** The next minute, or the next number where a version is no minute. */
  private static Version after(Version newest) {
    var first = newest.toString().split("\\.", -1)[0];
    try {
      var minute = LocalDateTime.parse(first, MINUTE);
      return Version.of(MINUTE.format(minute.plusMinutes(1)));
    } catch (DateTimeParseException _) {
      return Version.of(new BigInteger(first).add(BigInteger.ONE).toString());
    }
  }

  private static String slug(String description) {
    var ascii = Normalizer.normalize(description.replace("ß", "ss"), Normalizer.Form.NFD);
    var words =
        ascii.replaceAll("\\p{M}", "").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    var cut = words.length() > LONGEST_SLUG ? words.substring(0, LONGEST_SLUG) : words;
    var slug = cut.replaceAll("^_+|_+$", "");
    if (slug.isEmpty()) {
      throw new InvalidInput(
          Problem.of(
              "the description '" + description + "' has no letter or digit for a file name",
              "say in a few words what changes: \"Add users table\""));
    }
    return slug;
  }

  public String script() {
    return "V" + version + "__" + slug + ".sql";
  }

  public String undoScript() {
    return "U" + version + "__" + slug + ".sql";
  }

  /**
   * Writes both files.
   *
   * @throws Refused where one of them is there already, or the folder can't be written
   */
  public void write(String sql, String undo) {
    try {
      Files.createDirectories(folder);
      create(script(), sql);
      try {
        create(undoScript(), undo);
      } catch (IOException e) {
        Files.delete(folder.resolve(script()));
        throw e;
      }
    } catch (IOException e) {
      throw new Refused(
          "cannot write the migration: " + e, "nothing was written; may this user write there?");
    }
  }

  private void create(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text, StandardOpenOption.CREATE_NEW);
  }
}
