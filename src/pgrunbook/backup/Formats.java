package pgrunbook.backup;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import pgrunbook.text.Place;
import pgrunbook.text.Problem;

/** Recognises backups by their content; names say nothing. */
public final class Formats {
  static final String ARCHIVE_MAGIC = "PGDMP";
  private static final int HEAD = 4096;

  private Formats() {}

  /** Reads a few bytes of it; a symbolic link that leads out of its own folder is refused. */
  public static Recognised recognise(Path path) {
    var parent = path.toAbsolutePath().getParent();
    return recognise(path, parent == null ? path : parent);
  }

  /** The same, for a path whose real path has to lie inside a folder. */
  public static Recognised recognise(Path path, Path allowedRoot) {
    try {
      return new Look(path).into(allowedRoot);
    } catch (IOException e) {
      return unusable(path, "can't be read: " + e.getMessage(), "check its permissions");
    }
  }

  private static Recognised.Unusable unusable(Path path, String what, String hint) {
    var problem = new Problem(Place.in(path.toString()), what, Optional.of(hint));
    return new Recognised.Unusable(path, problem);
  }

  private record Look(Path path) {
    Recognised into(Path allowedRoot) throws IOException {
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        return no("there is no such file", "check the name and the backup folder");
      }
      if (!Files.exists(path)) {
        return no("a symbolic link to nothing", "name the file itself");
      }
      if (!path.toRealPath().startsWith(allowedRoot.toRealPath())) {
        return no("a symbolic link that leads out of its folder", "name the file itself");
      }
      if (!Files.isReadable(path)) {
        return no("can't be read by this user", "check its owner and permissions");
      }
      if (Files.isDirectory(path)) {
        return directory();
      }
      return Files.isRegularFile(path)
          ? file()
          : no("neither a file nor a folder", "pipes and devices can't be read twice");
    }

    private Recognised directory() throws IOException {
      try (var members = Files.list(path)) {
        var all = members.toList();
        if (all.isEmpty()) {
          return no("an empty folder", "the dump never began; take another backup");
        }
        var link = all.stream().filter(Files::isSymbolicLink).findFirst();
        if (link.isPresent()) {
          var name = link.get().getFileName();
          return no("holds a symbolic link: " + name, "pg_dump writes none; look where it leads");
        }
      }
      var toc = path.resolve("toc.dat");
      if (!Files.isRegularFile(toc)) {
        return no(
            "a folder without toc.dat",
            "no directory archive, or one that pg_dump never finished: it writes toc.dat last");
      }
      return startsWith(head(toc), ARCHIVE_MAGIC)
          ? new Recognised.Backup(path, Format.DIRECTORY)
          : no("its toc.dat is no table of contents", "it is damaged; take another backup");
    }

    private Recognised file() throws IOException {
      var head = head(path);
      if (head.length == 0) {
        return no("an empty file", "the dump failed; take another backup");
      }
      if (startsWith(head, ARCHIVE_MAGIC)) {
        return new Recognised.Backup(path, Format.CUSTOM);
      }
      if (GzipMembers.isGzip(head)) {
        return gzip(head);
      }
      var other = Compressions.of(head);
      return other.isPresent() ? no(other.get().what(), other.get().hint()) : text(head);
    }

    private Recognised gzip(byte[] head) {
      var inside = inside(head);
      if (startsWith(inside, ARCHIVE_MAGIC)) {
        return no(
            "a custom archive that was compressed with gzip once more",
            "unpack it first (gunzip); the archive is compressed inside");
      }
      var other = Compressions.of(inside);
      if (other.isPresent() || GzipMembers.isGzip(inside)) {
        return no(
            "gzip around something that is no plain dump: "
                + other.map(Compressions::what).orElse("gzip again"),
            "unpack it first (gunzip)");
      }
      return inside.length == 0
          ? no("gzip around nothing", "pg_dump failed before the pipe; take another backup")
          : plain(inside, Format.GZIP);
    }

    /** As much as can be unpacked of the first bytes. */
    private static byte[] inside(byte[] head) {
      var unpacked = new byte[HEAD];
      var length = 0;
      try (var in = new GzipMembers(new ByteArrayInputStream(head))) {
        for (var n = in.read(unpacked, 0, HEAD); n > 0; ) {
          length += n;
          n = in.read(unpacked, length, HEAD - length);
        }
      } catch (IOException _) {
        // the head of a longer file ends early, always
      }
      return Arrays.copyOf(unpacked, length);
    }

    private Recognised text(byte[] head) {
      return plain(head, Format.PLAIN);
    }

    private Recognised plain(byte[] head, Format format) {
      var text = new String(head, StandardCharsets.ISO_8859_1);
      var lines = text.lines().toList();
      if (lines.contains("-- PostgreSQL database dump")) {
        return new Recognised.Backup(path, format);
      }
      if (lines.contains("-- PostgreSQL database cluster dump")) {
        return no(
            "a dump of a whole cluster, by pg_dumpall",
            "a run restores one database; dump it with pg_dump");
      }
      if (text.startsWith("\u00ff\u00fe") || text.startsWith("\u00fe\u00ff")) {
        return no("text in UTF-16", "PowerShell's > converted the dump; use pg_dump -f FILE");
      }
      return no(
          "no dump that pg_dump wrote: its first lines don't say '-- PostgreSQL database dump'",
          "name a file that pg_dump made");
    }

    private Recognised no(String what, String hint) {
      return unusable(path, what, hint);
    }

    private static byte[] head(Path file) throws IOException {
      try (var in = Files.newInputStream(file)) {
        return in.readNBytes(HEAD);
      }
    }

    private static boolean startsWith(byte[] head, String magic) {
      return new String(head, StandardCharsets.ISO_8859_1).startsWith(magic);
    }
  }
}
