package pgrunbook.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import pgrunbook.testing.Cli.Ended;

/** A runbook that is killed, and what has to be true when it is done, and when it is undone. */
enum Work {
  RESTORE("restore-prod") {
    @Override
    List<String> options(Place place) {
      return List.of("--confirm", place.database(), "--set", "backup=" + place.backup());
    }

    @Override
    List<String> lackingWhenDone(Place place, Before before) {
      return lackingWhenReplaced(place, before);
    }
  },

  SWAP("restore-prod-swap") {
    @Override
    List<String> options(Place place) {
      return RESTORE.options(place);
    }

    @Override
    List<String> lackingWhenDone(Place place, Before before) {
      return lackingWhenReplaced(place, before);
    }
  },

  BACKUP("backup-prod") {
    @Override
    List<String> lackingWhenDone(Place place, Before before) {
      var lacking = new ArrayList<String>();
      check(lacking, place.content().equals(before.content()), "the content has changed");
      check(lacking, place.databases().equals(before.databases()), "databases have changed");
      var files = newFiles(place, before);
      check(lacking, files.size() == 2, "not one backup with its manifest: " + files);
      var verified = place.cli().run("backups", "--env", "prod", "--verify");
      check(lacking, verified.exit() == 0, "the backup is not good: " + verified.said());
      return lacking;
    }
  },

  MIGRATE("migrate") {
    @Override
    List<String> options(Place place) {
      return List.of("--env", "prod");
    }

    @Override
    void prepare(Place place) {
      place.cli().run("migration", "adopt", "--env", "prod").exits(0);
      write(place, "V999801010000__remark.sql", "ALTER TABLE users ADD remark text;");
      write(place, "U999801010000__remark.sql", "ALTER TABLE users DROP COLUMN remark;");
      write(
          place,
          "V999801020000__notes.sql",
          "CREATE TABLE notes (id int); INSERT INTO notes SELECT 1;");
      write(place, "U999801020000__notes.sql", "DROP TABLE notes;");
      write(place, "V999801030000__index.sql", "CREATE INDEX ON notes (id);");
      write(place, "U999801030000__index.sql", "DROP INDEX notes_id_idx;");
    }

    @Override
    List<String> lackingWhenDone(Place place, Before before) {
      var lacking = new ArrayList<String>();
      var status = place.cli().run("migration", "status", "--env", "prod");
      check(lacking, status.exit() == 0, "migrations: " + status.said());
      var rows = place.query("SELECT count(*) FROM notes");
      check(lacking, rows.equals(List.of("1")), "a migration ran " + rows + " times");
      return lacking;
    }
  };

  private final String runbook;

  Work(String runbook) {
    this.runbook = runbook;
  }

  /** The world as the run found it. */
  record Before(
      String content, SortedMap<String, Long> databases, List<String> files, List<String> runs) {
    static Before of(Place place) {
      return new Before(place.content(), place.databases(), Work.files(place), place.runs().ids());
    }
  }

  /** What the runbook needs, beside what the place has. */
  void prepare(Place place) {}

  /** The place in its first state, with what the runbook needs. */
  final Before begin(Place place) {
    place.fresh();
    try {
      for (var name : List.of(runbook, "stamp")) {
        var file = Path.of("runbooks", name + ".yaml");
        Files.writeString(place.folder().resolve(file), Files.readString(file));
      }
      Files.createDirectories(place.folder().resolve("migrations"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    prepare(place);
    return Before.of(place);
  }

  List<String> options(Place place) {
    return List.of();
  }

  /** The command that begins the run. */
  final String[] command(Place place) {
    return Stream.concat(Stream.of("run", runbook), options(place).stream()).toArray(String[]::new);
  }

  /** Why somebody would say that something was lost, after a run that says it is done. */
  abstract List<String> lackingWhenDone(Place place, Before before);

  /** The same where the database is exchanged for a restored one, and kept. */
  private static List<String> lackingWhenReplaced(Place place, Before before) {
    var lacking = new ArrayList<String>();
    check(lacking, place.isRestored(), "the database does not hold what the backup does");
    var names = place.databases();
    check(lacking, names.size() == 2, "databases: " + names);
    check(
        lacking,
        names.containsValue(before.databases().get(place.database())),
        "the old database is gone: " + names);
    return lacking;
  }

  /** The same after a rollback, and where nothing had begun. */
  List<String> lackingWhenUndone(Place place, Before before) {
    var lacking = new ArrayList<String>();
    check(lacking, place.content().equals(before.content()), "the content is not as before");
    var databases = place.databases();
    // one that was published already may hold what somebody wrote: it is kept under that name
    databases.keySet().removeIf(name -> name.contains("_undone_"));
    check(lacking, databases.equals(before.databases()), "databases: " + databases);
    return lacking;
  }

  /** What has to hold at any end. */
  static List<String> lackingAtTheEnd(Place place) {
    var lacking = new ArrayList<String>();
    check(lacking, place.siteIsUp(), "the site is not up");
    check(lacking, place.sessions().isEmpty(), "sessions are left: " + place.sessions());
    var status = place.cli().run("status");
    check(lacking, isQuiet(status), "something is owed: " + status.said());
    return lacking;
  }

  private static boolean isQuiet(Ended status) {
    return status.exit() == 0 && status.out().contains("nothing is owed");
  }

  private static void check(List<String> lacking, boolean holds, String otherwise) {
    if (!holds) {
      lacking.add(otherwise);
    }
  }

  private static List<String> newFiles(Place place, Before before) {
    var files = new ArrayList<>(files(place));
    files.removeAll(before.files());
    return files;
  }

  private static List<String> files(Place place) {
    try (var files = Files.list(place.backups())) {
      return files.map(Path::getFileName).map(Path::toString).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Place place, String name, String sql) {
    try {
      Files.writeString(place.folder().resolve("migrations").resolve(name), sql + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
