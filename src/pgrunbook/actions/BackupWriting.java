package pgrunbook.actions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import pgrunbook.action.Act;
import pgrunbook.action.StepFailed;
import pgrunbook.backup.BackupFile;
import pgrunbook.backup.Examination;
import pgrunbook.backup.Examiner;
import pgrunbook.backup.Fingerprint;
import pgrunbook.backup.Format;
import pgrunbook.backup.Manifest;
import pgrunbook.backup.Manifests;
import pgrunbook.backup.SequenceState;
import pgrunbook.backup.SourceDatabase;
import pgrunbook.backup.TableName;
import pgrunbook.postgres.DatabaseFacts;

/**
 * Writes one backup. It gets its name last: whatever has the name was read back and found good.
 *
 * @param mark of the moment before, or nothing, see {@link WritesSince}
 * @param file the final name; the request's part is the name until then
 */
record BackupWriting(Act act, Dumping.Request request, String label, String mark, Path file) {

  Examination write() throws StepFailed, InterruptedException, IOException {
    var part = request.part();
    var folder = Optional.ofNullable(file.getParent()).orElseThrow();
    Folders.createFolder(folder);
    var done = false;
    try {
      create(part);
      var source = source();
      act.progress().doing("dumping " + request.database());
      var dumped = Dumping.dump(request, act);
      Folders.sync(part);
      act.progress().doing("reading the backup back");
      var examination = Examiner.examine(part, act.archives(), act.progress()::bytes);
      check(examination, dumped.fingerprint());
      var content = dumped.fingerprint().withSequences(sequences(examination, dumped));
      publish(part, folder, manifest(examination, dumped.taken(), content, source));
      done = true;
      return published(examination, dumped.taken());
    } finally {
      if (!done) {
        Folders.delete(part);
      }
    }
  }

  private void create(Path part) throws IOException {
    if (request.format() == Format.DIRECTORY) {
      Folders.createNewFolder(part);
    } else {
      Folders.createFile(part);
    }
  }

  private static void check(Examination examination, Fingerprint fingerprint) throws StepFailed {
    if (!examination.isUsable()) {
      var problem = examination.problems().getFirst();
      throw new StepFailed(
          "the backup that was written is not good: " + problem.what(), problem.hint(), null);
    }
    var rows = new TreeMap<TableName, Long>(examination.contents().inserted());
    examination
        .contents()
        .tables()
        .forEach(table -> rows.merge(table.table(), table.sums().count(), Long::sum));
    for (var table : fingerprint.tables().entrySet()) {
      long written = rows.getOrDefault(table.getKey(), 0L);
      if (written != table.getValue().rows()) {
        throw new StepFailed(
            "the backup that was written holds %d rows of %s, and the database %d"
                .formatted(written, table.getKey(), table.getValue().rows()),
            "row-level security hides rows from this role: use a superuser or BYPASSRLS");
      }
    }
  }

  /** One that moved meanwhile is where the dump says; any other has to be where it was. */
  private SortedMap<TableName, SequenceState> sequences(
      Examination examination, Dumping.Dumped dumped) throws StepFailed {
    var states = new TreeMap<>(dumped.fingerprint().sequences());
    for (var written : examination.contents().sequences().entrySet()) {
      var name = written.getKey();
      if (dumped.moving().contains(name)) {
        act.log()
            .line("sequence " + name + " was used meanwhile; the dump has " + written.getValue());
      } else if (!written.getValue().equals(states.get(name))) {
        throw new StepFailed(
            "the backup that was written has sequence %s at %s, and the database at %s"
                .formatted(name, written.getValue(), states.get(name)),
            "take another backup");
      }
      states.put(name, written.getValue());
    }
    return states;
  }

  private void publish(Path part, Path folder, Manifest manifest) throws IOException, StepFailed {
    if (Files.exists(file)) {
      throw new StepFailed(
          "there is a file " + file.getFileName() + " already",
          "it is never overwritten: run again");
    }
    Manifests.write(file, manifest);
    try {
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      Folders.syncNames(folder);
    } catch (IOException e) {
      if (!Files.exists(file)) {
        Files.deleteIfExists(Manifests.beside(file));
      }
      throw e;
    }
  }

  private Manifest manifest(
      Examination examination, Instant taken, Fingerprint content, SourceDatabase source)
      throws StepFailed, InterruptedException {
    return new Manifest(
        Manifest.CURRENT,
        taken,
        label,
        Optional.of(act.target().environment()),
        request.format(),
        files(examination),
        examination.contents().dumpVersion().orElse("unknown"),
        Optional.ofNullable(BackupWriting.class.getPackage().getImplementationVersion())
            .orElse("development"),
        with(source, attributes(examination.contents().roles()), content),
        Optional.of(content));
  }

  private List<BackupFile> files(Examination examination) throws StepFailed, InterruptedException {
    var files = new ArrayList<BackupFile>();
    try {
      for (var hash : examination.sha256().entrySet()) {
        var single = request.format() != Format.DIRECTORY;
        var name = single ? String.valueOf(file.getFileName()) : hash.getKey();
        var path = single ? request.part() : request.part().resolve(hash.getKey());
        files.add(new BackupFile(name, Files.size(path), hash.getValue()));
      }
    } catch (IOException e) {
      throw OnDatabase.failed("the backup can't be read", e);
    }
    return files;
  }

  private SourceDatabase source() throws StepFailed {
    var server = act.cluster().server();
    var facts =
        act.cluster()
            .database(request.database())
            .orElseThrow(() -> new StepFailed("there is no database '" + request.database() + "'"));
    return new SourceDatabase(
        server.version(),
        server.systemIdentifier(),
        facts.name(),
        facts.oid(),
        facts.bytes().orElse(0L),
        facts.encoding(),
        locale(facts),
        new TreeMap<>(),
        properties(facts),
        new TreeMap<>());
  }

  private List<String> properties(DatabaseFacts facts) {
    var statements =
        new ArrayList<>(act.cluster().properties(facts.name()).statementsFor(facts.name()));
    if (!mark.isEmpty()) {
      statements.add(WritesSince.Mark.comment(mark));
    }
    return statements;
  }

  private static SourceDatabase with(
      SourceDatabase from, SortedMap<String, String> roles, Fingerprint fingerprint) {
    return new SourceDatabase(
        from.serverVersion(),
        from.systemIdentifier(),
        from.name(),
        from.oid(),
        from.size(),
        from.encoding(),
        from.locale(),
        roles,
        from.properties(),
        fingerprint.extensions());
  }

  private static SortedMap<String, String> locale(DatabaseFacts facts) {
    var locale = new TreeMap<String, String>();
    locale.put("lc_collate", facts.collate());
    locale.put("lc_ctype", facts.ctype());
    facts
        .provider()
        .ifPresent(p -> locale.put("locale_provider", p.name().toLowerCase(Locale.ROOT)));
    facts.providerLocale().ifPresent(name -> locale.put("locale", name));
    facts.icuRules().ifPresent(rules -> locale.put("icu_rules", rules));
    facts.actualCollationVersion().ifPresent(v -> locale.put("collation_version", v));
    return locale;
  }

  private SortedMap<String, String> attributes(Collection<String> roles)
      throws StepFailed, InterruptedException {
    var sql =
        """
        SELECT rolname, concat_ws(' ', CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,
               CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolcreatedb THEN 'CREATEDB' END,
               CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
               CASE WHEN NOT rolinherit THEN 'NOINHERIT' END,
               CASE WHEN rolreplication THEN 'REPLICATION' END,
               CASE WHEN rolbypassrls THEN 'BYPASSRLS' END)
          FROM pg_roles WHERE rolname = ANY (?)
        """;
    return OnDatabase.read(
        act.cluster(),
        "postgres",
        connection -> {
          var found = new TreeMap<String, String>();
          try (var statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", roles.toArray()));
            try (var rows = statement.executeQuery()) {
              while (rows.next()) {
                found.put(rows.getString(1), rows.getString(2));
              }
            }
          }
          return found;
        });
  }

  /** What an examination of the file under its final name would tell. */
  private Examination published(Examination e, Instant taken) {
    return new Examination(
        file,
        e.format(),
        e.size(),
        e.sha256(),
        e.contents(),
        e.manifest(),
        taken,
        Examination.CreatedFrom.MANIFEST,
        e.problems(),
        e.notes());
  }
}
