package pgrunbook.actions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.backup.Examination;
import pgrunbook.backup.Manifest;

/** Whether the server can create the extensions of a backup. */
record ExtensionFit(Preview.Builder preview, Look look, Examination examination) {

  void compare() {
    var available = look.cluster().availableExtensions();
    var server = look.cluster().server();
    var wanted = new ArrayList<>(examination.contents().extensions());
    wanted.remove("plpgsql");
    for (var name : wanted) {
      var version = Optional.ofNullable(available.get(name));
      if (version.isEmpty()) {
        preview.problem(
            "the server does not have the extension '" + name + "' of the backup",
            "install it first, in Debian " + packageOf(name, server.major()));
        continue;
      }
      examination
          .manifest()
          .map(Manifest::source)
          .map(from -> from.extensions().get(name))
          .filter(then -> then != null && !then.equals(version.get()))
          .ifPresent(then ->
              preview.warning(
                  "extension " + name + " was " + then + " and becomes " + version.get()));
    }
    if (!server.superuser() && !wanted.isEmpty()) {
      untrusted(wanted).forEach(this::needsSuperuser);
    }
  }

  private void needsSuperuser(String extension) {
    preview.warning(
        "only a superuser can create the extension '%s' on an ordinary server, and %s is none"
            .formatted(extension, look.cluster().server().user()));
  }

  private List<String> untrusted(List<String> names) {
    var sql =
        "SELECT DISTINCT name FROM pg_available_extension_versions WHERE name = ANY (?)"
            + " AND superuser AND NOT coalesce((to_jsonb(pg_available_extension_versions)"
            + " ->> 'trusted')::boolean, false) ORDER BY name";
    return look.cluster()
        .read(
            "postgres",
            connection -> {
              try (var statement = connection.prepareStatement(sql)) {
                statement.setArray(1, connection.createArrayOf("text", names.toArray()));
                try (var rows = statement.executeQuery()) {
                  var found = new ArrayList<String>();
                  while (rows.next()) {
                    found.add(rows.getString(1));
                  }
                  return found;
                }
              }
            });
  }

  private static String packageOf(String extension, int major) {
    return switch (extension) {
      case "vector" ->
          "postgresql-" + major + "-pgvector (image pgvector/pgvector:pg" + major + ")";
      case "postgis", "postgis_topology", "postgis_raster" -> "postgresql-" + major + "-postgis-3";
      case "timescaledb" -> "timescaledb-2-postgresql-" + major;
      default -> "the package postgresql-" + major + "-" + extension.replace('_', '-');
    };
  }
}
