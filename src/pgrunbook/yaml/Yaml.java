package pgrunbook.yaml;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import pgrunbook.text.Place;
import pgrunbook.text.Problems;
import pgrunbook.text.TextFile;

/**
 * Reads the part of YAML that people need for configuration: one document of mappings, lists and
 * single values. What is misread easily (anchors, merge keys, tags, duplicate keys) is a problem.
 */
public final class Yaml {
  private static final int LARGEST = 1 << 20;

  /** Has text shown in another order than it is written: an argument as a comment, say. */
  private static final Pattern REORDERING =
      Pattern.compile("[\\x{202a}-\\x{202e}\\x{2066}-\\x{2069}]");

  private Yaml() {}

  /**
   * The mapping that a file holds; nothing where it cannot be read as one. There may be problems
   * and a mapping: then whoever goes on finds more problems, all in one go.
   *
   * @param shownName what problems call the file
   */
  public static Optional<YamlNode.Mapping> read(Path file, String shownName, Problems problems) {
    return text(file, shownName, problems).flatMap(text -> read(text, shownName, problems));
  }

  /** As for a file, from its text. */
  public static Optional<YamlNode.Mapping> read(String text, String shownName, Problems problems) {
    var at = Place.in(shownName);
    if (text.length() > LARGEST) {
      problems.add(at, "is larger than 1 MB");
      return Optional.empty();
    }
    var bare = withoutBom(text);
    var reordering = REORDERING.matcher(bare);
    if (reordering.find()) {
      var found = reordering.start();
      problems.add(
          new Lines(bare).place(shownName, bare.codePointCount(0, found)),
          String.format("the character U+%04X is not allowed here", (int) bare.charAt(found)),
          "it has a reader see another text than the program; remove it");
      return Optional.empty();
    }
    var root = new Composing(bare, at, problems).document();
    if (root.isEmpty()) {
      return Optional.empty();
    }
    if (root.get() instanceof YamlNode.Mapping mapping) {
      return Optional.of(mapping);
    }
    problems.add(
        root.get().place(), "expected 'key: value' lines, found " + Found.shown(root.get()));
    return Optional.empty();
  }

  /** A file's text, as UTF-8; a missing or unreadable one is a problem. */
  public static Optional<String> text(Path file, String shownName, Problems problems) {
    var at = Place.in(shownName);
    try {
      if (Files.isDirectory(file)) {
        problems.add(at, "is a folder, not a file");
        return Optional.empty();
      }
      TextFile.requireFile(file);
      byte[] bytes;
      try (var in = Files.newInputStream(file)) {
        bytes = in.readNBytes(LARGEST + 1);
      }
      if (bytes.length > LARGEST) {
        problems.add(at, "is larger than 1 MB");
        return Optional.empty();
      }
      return decoded(bytes, at, problems);
    } catch (NoSuchFileException _) {
      problems.add(at, "no such file");
    } catch (AccessDeniedException _) {
      problems.add(at, "may not be read", "check the file's permissions");
    } catch (IOException e) {
      problems.add(at, "cannot be read: " + e.getMessage());
    }
    return Optional.empty();
  }

  private static Optional<String> decoded(byte[] bytes, Place at, Problems problems) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var buffer = ByteBuffer.wrap(bytes);
    try {
      return Optional.of(decoder.decode(buffer).toString());
    } catch (CharacterCodingException _) {
      var before = Arrays.copyOf(bytes, buffer.position());
      var text = new String(before, StandardCharsets.UTF_8);
      var line = (int) text.lines().count() + (text.isEmpty() || text.endsWith("\n") ? 1 : 0);
      var column = text.length() - text.lastIndexOf('\n');
      problems.add(
          new Place(at.file(), line, column), "is not UTF-8 text", "save the file as UTF-8");
      return Optional.empty();
    }
  }

  private static String withoutBom(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }
}
