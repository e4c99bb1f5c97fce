package pgrunbook.actions;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Look;
import pgrunbook.backup.DumpContents;
import pgrunbook.backup.DumpScanner;
import pgrunbook.backup.NamedRoles.Policy;
import pgrunbook.text.Problem;

/** The policies that a restore without privileges can't make, for want of their roles. */
final class LeftOutPolicies {
  private LeftOutPolicies() {}

  /** Those of a plain dump; each is logged. */
  static List<Policy> of(Restoring.Request request, DumpContents contents, Act act)
      throws IOException {
    if (request.privileges()) {
      return List.of();
    }
    var there = act.cluster().roles();
    var policies = contents.namedRoles().policiesBeyond(there);
    for (var policy : policies) {
      if (policy.isMissedBy(there)) {
        throw new IOException(BackupFit.missed(policy).what());
      }
    }
    policies.forEach(policy -> act.log().line("left out: " + BackupFit.shown(policy)));
    return policies;
  }

  /** The same for an archive, which tells it only as SQL. */
  static List<Policy> of(Restoring.Request request, Act act) throws IOException {
    return request.privileges() ? List.of() : of(request, definitions(request.backup(), act), act);
  }

  /** Why an archive can't be sent: something of it would have to be left out. */
  static Optional<Problem> unsendable(BackupPath backup, Look look) throws IOException {
    return definitions(backup, look).namedRoles().policiesBeyond(look.cluster().roles()).stream()
        .findFirst()
        .map(LeftOutPolicies::unsendable);
  }

  static Problem unsendable(Policy policy) {
    return Problem.of(
        "pg_restore can't leave anything out of an archive that it is sent, such as "
            + BackupFit.shown(policy),
        "put the backup into a folder that the container has mounted, or create the roles");
  }

  /** What an archive would make, read without its data. */
  private static DumpContents definitions(BackupPath backup, Look look) throws IOException {
    try (var in = look.archives().plain(backup.path(), List.of("--schema-only", "--no-owner"))) {
      return DumpScanner.scan(backup.shown(), in);
    }
  }
}
