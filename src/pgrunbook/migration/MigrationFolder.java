package pgrunbook.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;
import pgrunbook.text.TextFile;

/** Reads a folder of migrations, and finds everything that is wrong with its files. */
final class MigrationFolder {
  private static final String SUFFIX = ".sql";
  private static final Pattern NAME = Pattern.compile("([VU])([0-9]+(?:[._][0-9]+)*)__(.+)\\.sql");
  private static final String EXAMPLE =
      "name it such as V202601151200__add_users.sql, and U202601151200__add_users.sql for what"
          + " takes it back";
  private static final int LONGEST_DESCRIPTION = 200;

  /** Flyway has more, but what a reviewer reads shall be what runs. */
  private static final Pattern SETTING =
      Pattern.compile("\\s*(#.*|executeInTransaction\\s*[=:]\\s*(true|false)\\s*)?");

  private final Path folder;
  private final String shown;
  private final Map<Version, Named> applied = new TreeMap<>();
  private final Map<Version, Named> undone = new TreeMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private MigrationFolder(Path folder, String shown) {
    this.folder = folder;
    this.shown = shown;
  }

  /** A file whose name is one of a migration. */
  private record Named(String script, String description, SqlFile sql) {}

  static Migrations read(Path folder, String shown) {
    return new MigrationFolder(folder, shown).read();
  }

  private Migrations read() {
    if (!Files.isDirectory(folder)) {
      var problem =
          new Problem(
              Place.NONE,
              "there is no folder '" + shown + "' with migrations",
              Optional.of("make it, or name another: migrations.dir in the environment file"));
      return new Migrations(folder, shown, List.of(), List.of(problem));
    }
    try (var files = Files.newDirectoryStream(folder)) {
      files.forEach(this::take);
    } catch (IOException e) {
      problems.add(Problem.of("cannot read the folder " + shown + ": " + e.getMessage()));
    }
    return new Migrations(folder, shown, migrations(), problems);
  }

  private void take(Path file) {
    var script = file.getFileName().toString();
    if (!script.endsWith(SUFFIX)) {
      overlooked(file, script);
      return;
    }
    var name = NAME.matcher(script);
    if (!name.matches()) {
      problem(script, "the name is not one of a migration", badName(script));
      return;
    }
    var description = name.group(3).replace('_', ' ');
    if (description.length() > LONGEST_DESCRIPTION) {
      problem(script, "the description is longer than 200 characters", "make the name shorter");
    }
    var named = new Named(script, description, sql(file, script));
    var kind = name.group(1).equals("V") ? applied : undone;
    var other = kind.putIfAbsent(Version.of(name.group(2)), named);
    if (other != null) {
      problem(
          script,
          "it has the version of " + other.script(),
          "give one of the two another version, the one that was applied nowhere yet");
    }
  }

  /** Names what looks as if it were to be applied, and would be passed over. */
  private void overlooked(Path file, String script) {
    if (script.toLowerCase(Locale.ROOT).endsWith(SUFFIX)) {
      problem(script, "a migration's name ends with .sql in small letters", EXAMPLE);
    } else if (!script.startsWith(".") && Files.isDirectory(file) && holdsSql(file)) {
      problem(script, "it is a folder with SQL files, which are not read", "move them up");
    }
  }

  private static boolean holdsSql(Path folder) {
    try (var files = Files.walk(folder)) {
      return files.anyMatch(it -> it.toString().toLowerCase(Locale.ROOT).endsWith(SUFFIX));
    } catch (IOException | UncheckedIOException _) {
      return true; // what can't be looked into may hold some
    }
  }

  private static String badName(String script) {
    return script.startsWith("R__")
        ? "repeatable migrations are not carried out; make it a versioned one: V…__….sql"
        : EXAMPLE;
  }

  private SqlFile sql(Path file, String script) {
    try {
      var sql = SqlFile.read(file);
      if (sql.isBlank()) {
        problem(script, "the file is empty", "write the SQL, or remove the file");
      }
      return sql;
    } catch (CharacterCodingException _) {
      problem(script, "the file is not UTF-8", "save it as UTF-8");
    } catch (IOException e) {
      problem(script, "cannot read the file: " + e.getMessage(), "is it readable?");
    }
    return SqlFile.unreadable(file);
  }

  private List<Migration> migrations() {
    undone.forEach((version, undo) -> {
      if (!applied.containsKey(version)) {
        problem(
            undo.script(),
            "there is no V file of version " + version + " that it would take back",
            "rename it as its V file is named, or remove it");
      }
    });
    return applied.entrySet().stream().map(it -> migration(it.getKey(), it.getValue())).toList();
  }

  private Migration migration(Version version, Named file) {
    var undo =
        Optional.ofNullable(undone.get(version))
            .map(it -> new Migration.Undo(it.script(), it.sql()));
    return new Migration(
        version, file.description(), file.script(), file.sql(), settings(file.script()), undo);
  }

  private Optional<String> settings(String script) {
    try {
      var text = TextFile.read(folder.resolve(script + ".conf"));
      text.lines()
          .filter(it -> !SETTING.matcher(it).matches())
          .findFirst()
          .ifPresent(it ->
              problem(
                  script + ".conf",
                  "'" + it.strip() + "' is not allowed here",
                  "executeInTransaction=true or false is all that it can hold"));
      return Optional.of(text);
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      problem(script + ".conf", "cannot read the file: " + e.getMessage(), "is it readable?");
      return Optional.empty();
    }
  }

  private void problem(String script, String what, String hint) {
    problems.add(new Problem(Place.in(shown + "/" + script), what, Optional.of(hint)));
  }
}
