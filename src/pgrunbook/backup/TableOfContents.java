package pgrunbook.backup;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What <code>pg_restore -l</code> printed about an archive.
 *
 * @param created in the local time of the machine that made it, which the archive does not name;
 *     read in the zone of this one
 * @param tables the numbers of the entries that hold rows
 * @param largeObjects whether an entry holds large objects
 */
record TableOfContents(Optional<Instant> created, List<TableData> tables, boolean largeObjects) {
  private static final Pattern CREATED =
      Pattern.compile(
          "^; +Archive created at (\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d)(?: (.*))?$");
  private static final Pattern TABLE = Pattern.compile("^(\\d+); \\d+ \\d+ TABLE DATA (.*)$");
  private static final Pattern BLOBS = Pattern.compile("^\\d+; \\d+ \\d+ BLOBS .*$");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  /** An entry that holds rows. */
  record TableData(String number, String shown) {}

  TableOfContents {
    tables = List.copyOf(tables);
  }

  static TableOfContents read(String listing) {
    Optional<Instant> created = Optional.empty();
    var tables = new ArrayList<TableData>();
    var blobs = false;
    for (var line : listing.lines().toList()) {
      var time = CREATED.matcher(line);
      if (time.matches()) {
        created = instant(time.group(1), Optional.ofNullable(time.group(2)));
      }
      var table = TABLE.matcher(line);
      if (table.matches()) {
        tables.add(new TableData(table.group(1), table.group(2)));
      }
      blobs |= BLOBS.matcher(line).matches();
    }
    return new TableOfContents(created, tables, blobs);
  }

  private static Optional<Instant> instant(String time, Optional<String> zone) {
    try {
      var local = LocalDateTime.parse(time, TIME);
      var utc = zone.filter(z -> z.equals("UTC") || z.equals("GMT")).map(ZoneId::of);
      return Optional.of(local.atZone(utc.orElse(ZoneId.systemDefault())).toInstant());
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
