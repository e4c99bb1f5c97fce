package pgrunbook.backup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipException;
import pgrunbook.backup.Examination.CreatedFrom;
import pgrunbook.text.Place;
import pgrunbook.text.Problems;

/** One backup while it is being examined. */
final class Reading {
  private static final String AGAIN = "the backup is damaged; take another one";

  private final Path path;
  private final ArchiveReader archives;
  private final Examiner.Progress progress;
  private final Place place;
  private final Problems problems = new Problems();
  private final List<String> notes = new ArrayList<>();
  private final SortedMap<String, String> sha256 = new TreeMap<>();
  private final SortedMap<String, Long> sizes = new TreeMap<>();
  private DumpContents contents = DumpContents.NOTHING;
  private Optional<Instant> archiveCreated = Optional.empty();
  private long done;
  private long total;

  Reading(Path path, ArchiveReader archives, Examiner.Progress progress) {
    this.path = path;
    this.archives = archives;
    this.progress = progress;
    place = Place.in(path.toString());
  }

  Examination examine() {
    return switch (Formats.recognise(path)) {
      case Recognised.Unusable(_, var problem) -> {
        problems.add(problem);
        yield result(Optional.empty(), Optional.empty());
      }
      case Recognised.Backup(_, var format) -> {
        var manifest = Manifests.read(Manifests.beside(path), problems);
        try {
          read(format, manifest);
        } catch (IOException e) {
          problems.add(place, "can't be read: " + e.getMessage(), "check the disk and permissions");
        }
        manifest.ifPresent(m -> check(m, format));
        if (!Files.exists(Manifests.beside(path))) {
          notes.add(
              "there is no manifest beside it: a changed byte in uncompressed parts can't be found,"
                  + " nor what the database held");
        }
        yield result(Optional.of(format), manifest);
      }
    };
  }

  private void check(Manifest manifest, Format format) {
    if (!sizes.isEmpty()) {
      new ManifestCheck(path, problems, notes).check(manifest, format, sizes, sha256);
    }
  }

  private void read(Format format, Optional<Manifest> manifest) throws IOException {
    var before = state();
    total = format.isArchive() ? 2 * size(before) : size(before);
    if (format.isArchive()) {
      readArchive(format, manifest);
    } else {
      readSql(format == Format.GZIP);
    }
    if (!before.equals(state())) {
      problems.add(place, "it changed while it was read", "wait until it is finished");
    }
    progress.done(total, total);
  }

  private SortedMap<String, String> state() throws IOException {
    var state = new TreeMap<String, String>();
    for (var file : Examiner.files(path)) {
      state.put(
          String.valueOf(file.getFileName()),
          Files.size(file) + " " + Files.getLastModifiedTime(file));
    }
    return state;
  }

  private static long size(SortedMap<String, String> state) {
    return state.values().stream().mapToLong(s -> Long.parseLong(s.split(" ", 2)[0])).sum();
  }

  private void advance(long bytes) {
    done += bytes;
    progress.done(Math.min(done, total), total);
  }

  private void hash(Path file) throws IOException {
    var name = String.valueOf(file.getFileName());
    sha256.put(name, Digests.of(file, this::advance));
    sizes.put(name, Files.size(file));
  }

  private void readSql(boolean gzip) throws IOException {
    var digest = Digests.sha256();
    try (var raw = Files.newInputStream(path)) {
      var in = new MemberFile.Hashing(raw, digest, this::advance);
      try {
        scan(gzip ? new GzipMembers(in) : in);
      } catch (ZipException | EOFException e) {
        problems.add(place, "its gzip is damaged: " + e.getMessage(), AGAIN);
      }
      in.transferTo(OutputStream.nullOutputStream());
      var name = String.valueOf(path.getFileName());
      sizes.put(name, in.bytes());
      sha256.put(name, Digests.hex(digest));
    }
  }

  private void scan(InputStream in) throws IOException {
    contents = DumpScanner.scan(path.toString(), in);
    problems.addAll(contents.problems());
  }

  private Optional<TableOfContents> tableOfContents() {
    try {
      var toc = TableOfContents.read(archives.tableOfContents(path));
      archiveCreated = toc.created();
      return Optional.of(toc);
    } catch (IOException e) {
      problems.add(
          place, "pg_restore can't read its table of contents: " + e.getMessage(), tooNew(e));
      return Optional.empty();
    }
  }

  private static String tooNew(IOException e) {
    return String.valueOf(e.getMessage()).contains("unsupported version")
        ? "a newer pg_dump made it; use the programs of that major version"
        : AGAIN;
  }

  /**
   * An archive with the hashes of its manifest is byte for byte the one that was read back and
   * counted when it was written: what is left to read is what its schema names.
   */
  private void readArchive(Format format, Optional<Manifest> manifest) throws IOException {
    var content =
        manifest.flatMap(Manifest::fingerprint).filter(it -> it.largeObjects().count() == 0);
    if (format == Format.CUSTOM || content.isPresent()) {
      for (var file : Examiner.files(path)) {
        hash(file);
      }
    }
    if (content.isPresent() && isAsWritten(manifest.get(), format)) {
      total = done;
      readThroughPgRestore("--schema-only");
      contents = contents.with(content.get());
    } else if (format == Format.DIRECTORY) {
      readDirectory();
    } else if (tableOfContents().isPresent()) {
      readThroughPgRestore();
    }
  }

  private boolean isAsWritten(Manifest manifest, Format format) {
    var found = new Problems();
    new ManifestCheck(path, found, new ArrayList<>()).check(manifest, format, sizes, sha256);
    return found.isEmpty();
  }

  private void readThroughPgRestore(String... options) {
    try (var in = archives.plain(path, List.of(options))) {
      contents = DumpScanner.scan(path.toString(), in, this::advance);
    } catch (IOException e) {
      contents = DumpContents.NOTHING;
      problems.add(place, "pg_restore can't read the whole archive: " + e.getMessage(), tooNew(e));
    }
    problems.addAll(contents.problems());
  }

  private void readDirectory() throws IOException {
    var members = new TreeMap<String, MemberFile>();
    for (var file : Examiner.files(path)) {
      var member = MemberFile.read(file, this::advance);
      members.put(member.name(), member);
      sha256.put(member.name(), member.sha256());
      sizes.put(member.name(), member.size());
    }
    var toc = tableOfContents();
    toc.ifPresent(t -> new DirectoryCheck(path, problems, notes).check(t, members));
    if (problems.isEmpty()) {
      readThroughPgRestore();
    }
  }

  private Examination result(Optional<Format> format, Optional<Manifest> manifest) {
    var created = manifest.map(Manifest::created).or(() -> archiveCreated);
    var from =
        manifest.isPresent()
            ? CreatedFrom.MANIFEST
            : archiveCreated.isPresent() ? CreatedFrom.ARCHIVE : CreatedFrom.FILE_TIME;
    return new Examination(
        path,
        format,
        sizes.values().stream().mapToLong(Long::longValue).sum(),
        sha256,
        contents,
        manifest,
        created.orElseGet(this::fileTime),
        from,
        problems.list(),
        notes);
  }

  private Instant fileTime() {
    try {
      var file = Files.isDirectory(path) ? path.resolve("toc.dat") : path;
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException _) {
      return Instant.EPOCH;
    }
  }
}
