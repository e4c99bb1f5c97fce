package pgrunbook.backup;

import java.util.TreeMap;

/** The digest that a backup has to have, as its manifest knows it. */
public final class ManifestDigest {
  private ManifestDigest() {}

  /** What {@link Examination#digest()} gives for the files that the manifest names. */
  public static String of(Manifest manifest) {
    var hashes = new TreeMap<String, String>();
    manifest.files().forEach(file -> hashes.put(file.name(), file.sha256()));
    return Digests.combined(hashes);
  }
}
