package pgrunbook.actions;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.backup.Examination;
import pgrunbook.backup.Manifest;
import pgrunbook.postgres.Packages;

/** Whether the server can create the extensions of a backup. */
record ExtensionFit(Preview.Builder preview, Look look, Examination examination) {

  /** Roles by which servers are known whose owner lets others create some extensions. */
  private static final Set<String> MANAGED =
      Set.of("rds_superuser", "cloudsqlsuperuser", "alloydbsuperuser", "azure_pg_admin");

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
            "install it first, in Debian " + Packages.ofExtension(name, server.major()));
        continue;
      }
      examination
          .manifest()
          .map(Manifest::source)
          .map(from -> from.extensions().get(name))
          .filter(then -> then != null && !then.equals(version.get()))
          .ifPresent(then -> preview.warning(drift(name, then, version.get())));
    }
    if (!server.superuser() && !wanted.isEmpty()) {
      untrusted(wanted).forEach(this::needsSuperuser);
    }
  }

  /** An older one may lack types, operators and indexes that the backup uses: then it fails. */
  private static String drift(String name, String then, String now) {
    var older = ExtensionVersions.ORDER.compare(now, then) < 0;
    return "extension %s was %s and becomes %s%s"
        .formatted(
            name, then, now, older ? ", which is OLDER: what is newer in the backup fails" : "");
  }

  private void needsSuperuser(String extension) {
    var what =
        "only a superuser can create the extension '%s', and %s is none"
            .formatted(extension, look.cluster().server().user());
    if (Collections.disjoint(look.cluster().roles(), MANAGED)) {
      preview.problem(
          what,
          "run as a superuser, or let the extension's control file on the server say trusted = true");
    } else {
      preview.warning(what + "; a managed server may allow it all the same");
    }
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
}
