package pgrunbook.backup;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Well-known containers that a backup may come in and that are not read here. */
enum Compressions {
  ZSTD("compressed with zstd", "unpack it first: zstd -d FILE", "(\u00b5/\u00fd", 0),
  LZ4("compressed with lz4", "unpack it first: lz4 -d FILE", "\u0004\"M\u0018", 0),
  BZIP2("compressed with bzip2", "unpack it first: bunzip2 FILE", "BZh", 0),
  XZ("compressed with xz", "unpack it first: unxz FILE", "\u00fd7zXZ\u0000", 0),
  ZIP("a zip archive", "unpack it first: unzip FILE", "PK\u0003\u0004", 0),
  SEVEN_ZIP("a 7z archive", "unpack it first", "7z\u00bc\u00af'\u001c", 0),
  TAR("a tar archive", "dump with -Fc or -Fd; or unpack a tar of backup files", "ustar", 257);

  private final String what;
  private final String hint;
  private final String magic;
  private final int offset;

  Compressions(String what, String hint, String magic, int offset) {
    this.what = what;
    this.hint = hint;
    this.magic = magic;
    this.offset = offset;
  }

  String what() {
    return what;
  }

  String hint() {
    return hint;
  }

  static Optional<Compressions> of(byte[] head) {
    var text = new String(head, StandardCharsets.ISO_8859_1);
    for (var each : values()) {
      if (text.startsWith(each.magic, each.offset)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
