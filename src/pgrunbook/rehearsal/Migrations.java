package pgrunbook.rehearsal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;

/** SQL files that make a schema, one after the other, and those beside them that undo each. */
public final class Migrations {
  private static final String FOLDER = "migrations/";
  private static final Pattern NAME = Pattern.compile("([VU])([0-9]{1,18})__(.+)\\.sql");

  private Migrations() {}

  /**
   * One step of a schema.
   *
   * @param undo what takes it back; empty where there is no such file
   */
  public record Migration(long version, String description, String sql, Optional<String> undo) {}

  /** The sample application's, which come with this program, in the order of their versions. */
  public static List<Migration> packed() {
    try {
      // A folder of a class path can't be listed; what this very class was loaded from can.
      var source = Migrations.class.getProtectionDomain().getCodeSource();
      var origin = Path.of(source.getLocation().toURI());
      return Files.isDirectory(origin) ? in(origin.resolve(FOLDER)) : inJar(origin);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Those of a folder, in the order of their versions. */
  public static List<Migration> in(Path folder) {
    Map<String, String> texts = new TreeMap<>();
    try (var files = Files.newDirectoryStream(folder, "*.sql")) {
      for (var file : files) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the migrations in " + folder, e);
    }
    return of(folder.toString(), texts);
  }

  static List<Migration> inJar(Path jar) {
    Map<String, String> texts = new TreeMap<>();
    try (var file = new JarFile(jar.toFile())) {
      for (var entry : file.stream().toList()) {
        var name = entry.getName();
        if (name.startsWith(FOLDER) && name.endsWith(".sql")) {
          try (InputStream in = file.getInputStream(entry)) {
            texts.put(name.substring(FOLDER.length()), text(in));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the migrations in " + jar, e);
    }
    return of(jar.toString(), texts);
  }

  private static List<Migration> of(String where, Map<String, String> texts) {
    List<Migration> found = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    texts.forEach((file, sql) -> {
      var name = NAME.matcher(file);
      if (!name.matches()) {
        problems.add(
            new Problem(
                Place.in(where),
                "'" + file + "' is no name of a migration",
                Optional.of("such as V202601151200__users.sql, or U… for what undoes it")));
      } else if (name.group(1).equals("V")) {
        var undo = Optional.ofNullable(texts.get("U" + file.substring(1)));
        var description = name.group(3).replace('_', ' ');
        found.add(new Migration(Long.parseLong(name.group(2)), description, sql, undo));
      }
    });
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    return found.stream().sorted(Comparator.comparingLong(Migration::version)).toList();
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }
}
