package pgrunbook.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import pgrunbook.backup.TableOfContents.TableData;
import pgrunbook.text.Place;
import pgrunbook.text.Problems;

/** Checks that every file that a directory archive's table of contents needs is there and whole. */
record DirectoryCheck(Path folder, Problems problems, List<String> notes) {
  private static final String AGAIN = "the backup is damaged; take another one";
  private static final List<String> SUFFIXES = List.of("", ".gz", ".lz4", ".zst");

  void check(TableOfContents toc, Map<String, MemberFile> members) {
    Set<String> used = new HashSet<>(List.of("toc.dat"));
    for (var table : toc.tables()) {
      table(table, members, used);
    }
    largeObjects(toc, members, used);
    for (var member : members.values()) {
      member
          .damage()
          .ifPresent(what -> problems.add(at(member.name()), "damaged data file: " + what, AGAIN));
      if (!used.contains(member.name())) {
        notes.add("the table of contents does not use the file " + member.name());
      }
    }
    if (members.keySet().stream().anyMatch(n -> n.endsWith(".lz4") || n.endsWith(".zst"))) {
      notes.add("files compressed with lz4 or zstd were read by pg_restore only");
    }
  }

  private void table(TableData table, Map<String, MemberFile> members, Set<String> used) {
    var names = named(table.number() + ".dat").filter(members::containsKey).toList();
    used.addAll(names);
    if (names.isEmpty()) {
      problems.add(
          at(table.number() + ".dat"), "the data file of " + table.shown() + " is missing", AGAIN);
    } else if (names.size() > 1) {
      problems.add(
          at(names.getFirst()),
          "the data of " + table.shown() + " is there twice: " + String.join(", ", names),
          "two backups were written into one folder; take another one");
    }
  }

  private void largeObjects(
      TableOfContents toc, Map<String, MemberFile> members, Set<String> used) {
    var lists =
        members.keySet().stream().filter(name -> name.matches("blobs(_\\d+)?\\.toc")).toList();
    if (toc.largeObjects() && lists.isEmpty()) {
      problems.add(at("blobs.toc"), "the list of large objects is missing", AGAIN);
    }
    used.addAll(lists);
    for (var list : lists) {
      for (var line : lines(list)) {
        largeObject(line, members, used);
      }
    }
  }

  private void largeObject(String line, Map<String, MemberFile> members, Set<String> used) {
    var words = line.split(" ", 2);
    var file = words.length == 2 ? words[1] : line;
    var names = named(file).filter(members::containsKey).toList();
    used.addAll(names);
    if (names.isEmpty()) {
      problems.add(at(file), "the data file of large object " + words[0] + " is missing", AGAIN);
    } else if (names.stream().map(members::get).anyMatch(m -> m != null && m.size() == 0)) {
      notes.add("large object " + words[0] + " is empty, or its file was cut to nothing");
    }
  }

  private List<String> lines(String list) {
    try {
      return Files.readAllLines(folder.resolve(list));
    } catch (IOException e) {
      problems.add(at(list), "the list of large objects is damaged: " + e.getMessage(), AGAIN);
      return List.of();
    }
  }

  private static Stream<String> named(String name) {
    return SUFFIXES.stream().map(name::concat);
  }

  private Place at(String name) {
    return Place.in(folder.resolve(name).toString());
  }
}
