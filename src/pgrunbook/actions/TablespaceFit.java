package pgrunbook.actions;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.backup.Examination;
import pgrunbook.postgres.Identifiers;

/** Whether the server has the tablespaces of a backup: a restore fails at the first it lacks. */
record TablespaceFit(Preview.Builder preview, Look look, Examination examination) {
  private static final String WITHOUT = "; or set tablespaces: false, here and for the restore";

  /**
   * Compares them.
   *
   * @param wanted whether they are restored
   */
  void compare(boolean wanted) {
    var named = examination.contents().tablespaces();
    if (named.isEmpty()) {
      return;
    }
    if (!wanted) {
      preview.warning(
          "its tablespaces are left out: "
              + String.join(", ", named)
              + "; all of it goes where the database lies");
      return;
    }
    var there = look.cluster().tablespaces();
    var missing = new ArrayList<>(named);
    missing.removeAll(there.keySet());
    if (!missing.isEmpty()) {
      preview.problem(
          "the backup needs tablespaces that do not exist: " + String.join(", ", missing),
          statements(missing, "CREATE TABLESPACE %s LOCATION '…';") + WITHOUT);
    }
    var closed = named.stream().filter(name -> !there.getOrDefault(name, true)).toList();
    if (!closed.isEmpty()) {
      var user = look.cluster().server().user();
      preview.problem(
          "role " + user + " may not create tables in the tablespaces " + String.join(", ", closed),
          statements(closed, "GRANT CREATE ON TABLESPACE %s TO " + Identifiers.quote(user) + ";")
              + WITHOUT);
    }
  }

  private static String statements(List<String> names, String form) {
    return names.stream()
        .map(name -> form.formatted(Identifiers.quote(name)))
        .collect(Collectors.joining(" "));
  }
}
