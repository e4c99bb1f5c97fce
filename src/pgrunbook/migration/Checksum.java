package pgrunbook.migration;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Flyway's checksum of a migration: of its lines, so that line ends and a byte order mark don't
 * count.
 */
final class Checksum {
  private static final String BOM = "\ufeff";

  private Checksum() {}

  static int of(String sql) {
    var crc = new CRC32();
    var text = sql.startsWith(BOM) ? sql.substring(1) : sql;
    text.lines().forEach(line -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
    return (int) crc.getValue();
  }
}
