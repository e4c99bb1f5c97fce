package pgrunbook.actions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * What changes with the files of a backup, for those who have read them a moment ago: a program
 * that opens the backup by itself may find another one than was read.
 */
record Stamp(List<String> files) {
  static Stamp of(Path backup) throws IOException {
    try (var members = Files.walk(backup, 1)) {
      var files = new ArrayList<String>();
      for (var file : members.sorted().toList()) {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        files.add(
            file
                + " "
                + attributes.lastModifiedTime()
                + " "
                + attributes.size()
                + " "
                + attributes.fileKey());
      }
      return new Stamp(List.copyOf(files));
    }
  }
}
