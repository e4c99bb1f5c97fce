package pgrunbook.backup;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import pgrunbook.text.Place;
import pgrunbook.text.Problems;

/** Compares the files of a backup with what its manifest says about them. */
record ManifestCheck(Path backup, Problems problems, List<String> notes) {
  private static final String HINT = "the backup was damaged or changed; take another one";

  void check(
      Manifest manifest,
      Format format,
      SortedMap<String, Long> sizes,
      SortedMap<String, String> sha256) {
    if (manifest.format() != format) {
      problems.add(
          Place.in(backup.toString()),
          "the manifest beside it is about another backup: "
              + manifest.format().shown()
              + ", this is "
              + format.shown(),
          "bring the right manifest");
    } else if (format == Format.DIRECTORY) {
      directory(manifest, sizes, sha256);
    } else {
      single(manifest, sizes.firstEntry().getValue(), sha256.firstEntry().getValue());
    }
  }

  private void single(Manifest manifest, long size, String hash) {
    var file = manifest.files().getFirst();
    var name = String.valueOf(backup.getFileName());
    if (file.sha256().equals(hash)) {
      if (!file.name().equals(name)) {
        notes.add("it was called " + file.name() + " when it was made");
      }
    } else if (!file.name().equals(name)) {
      problems.add(
          Place.in(backup.toString()),
          "the manifest beside it is about another backup: " + file.name(),
          "bring the right manifest");
    } else {
      differs(Place.in(backup.toString()), file, size);
    }
  }

  private void directory(
      Manifest manifest, SortedMap<String, Long> sizes, SortedMap<String, String> sha256) {
    for (var file : manifest.files()) {
      var place = Place.in(backup.resolve(file.name()).toString());
      var size = sizes.get(file.name());
      if (size == null) {
        problems.add(place, "the manifest names this file, and it is missing", HINT);
      } else if (!file.sha256().equals(sha256.get(file.name()))) {
        differs(place, file, size);
      }
    }
    var known = manifest.files().stream().map(BackupFile::name).toList();
    for (var name : sizes.keySet()) {
      if (!known.contains(name)) {
        problems.add(
            Place.in(backup.resolve(name).toString()),
            "the manifest does not know this file",
            "somebody added it after the backup; take it away");
      }
    }
  }

  private void differs(Place place, BackupFile file, long size) {
    var what =
        size == file.size()
            ? "its content is not what the manifest says (SHA-256 differs)"
            : "it has " + size + " bytes, and the manifest says " + file.size();
    problems.add(place, what, HINT);
  }
}
