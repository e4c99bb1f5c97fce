package pgrunbook.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import pgrunbook.backup.Manifest;
import pgrunbook.environment.Environment;

/** The list of backups for programs. */
final class BackupsJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private BackupsJson() {}

  /** One object for each folder. */
  static ArrayNode of(Project project, Iterable<Shelf.Looked> looked) {
    var folders = JSON.arrayNode();
    for (var each : looked) {
      var folder = folders.addObject().put("folder", each.shelf().folder().toString());
      var names = folder.putArray("environments");
      each.shelf().environments().stream().map(Environment::name).forEach(names::add);
      var backups = folder.putArray("backups");
      each.backups().forEach(backup -> backups.add(of(project, backup)));
      var unfinished = folder.putArray("unfinished");
      each.unfinished().forEach(part -> unfinished.add(String.valueOf(part.getFileName())));
      var unusable = folder.putArray("no_backups");
      each.unusable()
          .forEach(it ->
              unusable
                  .addObject()
                  .put("name", String.valueOf(it.path().getFileName()))
                  .put("why", it.problem().what()));
    }
    return folders;
  }

  private static ObjectNode of(Project project, Shelf.Shown shown) {
    var backup = shown.backup();
    var inside = backup.path().startsWith(project.folder());
    var path = inside ? project.folder().relativize(backup.path()) : backup.path();
    var json =
        JSON.objectNode()
            .put("file", path.toString())
            .put("environment", backup.environment().orElse(null))
            .put("label", backup.manifest().map(Manifest::label).orElse(null))
            .put("created", backup.created().toString())
            .put("age_seconds", Math.max(0, shown.age().toSeconds()))
            .put("size", backup.size())
            .put("format", backup.format().name().toLowerCase(Locale.ROOT))
            .put("manifest", backup.manifest().isPresent())
            .put("way_back", backup.isWayBack())
            .put("verified", verified(shown.trust()))
            .put("says", BackupsText.trust(shown.trust()));
    var latest = json.putArray("latest_of");
    shown.latestOf().forEach(latest::add);
    return json;
  }

  private static String verified(Shelf.Trust trust) {
    return switch (trust) {
      case Shelf.Trust.ReadNow _ -> "now";
      case Shelf.Trust.ReadThen _ -> "when_made";
      case Shelf.Trust.Never _ -> "never";
      case Shelf.Trust.Damaged _ -> "damaged";
      case Shelf.Trust.Unchecked _ -> "could_not_check";
    };
  }
}
