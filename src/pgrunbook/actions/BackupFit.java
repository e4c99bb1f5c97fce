package pgrunbook.actions;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.backup.Examination;
import pgrunbook.backup.Manifest;
import pgrunbook.backup.NamedRoles.Policy;
import pgrunbook.backup.SourceDatabase;
import pgrunbook.postgres.DatabaseFacts;
import pgrunbook.postgres.DiskSpace;
import pgrunbook.postgres.Identifiers;
import pgrunbook.postgres.PostgresException;
import pgrunbook.text.Problem;
import pgrunbook.text.Refused;

/** Whether a backup that was read fits the server and the database that it is meant for. */
record BackupFit(
    Preview.Builder preview,
    Look look,
    BackupPath backup,
    Examination examination,
    boolean owner,
    boolean privileges) {
  private static final Pattern MAJOR = Pattern.compile("(\\d+)\\b.*");

  void compare() {
    headlines();
    versions();
    programs();
    roles();
    new ContentFit(preview, look, examination).compare();
    new ExtensionFit(preview, look, examination).compare();
    disk();
  }

  /** The database of today is there beside the restored one, unless it is dropped before. */
  private void disk() {
    var name = look.target().database();
    var today = look.cluster().database(name).flatMap(DatabaseFacts::bytes);
    var needed = source().map(SourceDatabase::size).or(() -> today);
    var shown = needed.map(Amounts::bytes).orElse("as much as today's");
    switch (look.cluster().disk(name)) {
      case DiskSpace.Unknown(var why) ->
          preview.unknown(
              "free disk of the server: " + why + "; the restored database needs about " + shown);
      case DiskSpace.Known(var free, var _) -> {
        var what = Amounts.bytes(free) + " free, the restored database needs about " + shown;
        preview.fact("disk of the server", what);
        if (free + today.orElse(0L) < needed.orElse(0L)) {
          preview.problem(
              "the server's disk has " + what, "free some space, or give it a larger disk");
        } else if (free < needed.orElse(0L)) {
          preview.warning("the server's disk has " + what + ": not both databases have room");
        }
      }
    }
  }

  private Optional<SourceDatabase> source() {
    return examination.manifest().map(Manifest::source);
  }

  private void headlines() {
    var created = examination.created();
    var taken = Amounts.time(created);
    preview.headline(
        "backup %s, %s, %s, taken %s (%s ago, %s)"
            .formatted(
                backup.shown(),
                examination.format().map(format -> format.shown()).orElse("no backup"),
                Amounts.bytes(examination.size()),
                taken,
                Amounts.age(Duration.between(created, Instant.now())),
                examination.createdFrom().shown()));
    var name = look.target().database();
    var then =
        source()
            .map(s -> Amounts.bytes(s.size()) + " when the backup was taken")
            .orElse("the backup does not say how much it held");
    var today = look.cluster().database(name);
    if (today.isEmpty()) {
      preview.headline(name + " does not exist today; " + then);
    } else {
      var size = today.get().bytes().map(Amounts::bytes).orElse("an unknown amount");
      preview.headline(name + " holds " + size + " today, " + then);
      preview.headline("changes since " + taken + " will be lost");
    }
    source()
        .filter(from -> !from.name().equals(name))
        .ifPresent(from -> preview.warning("the backup is of the database '" + from.name() + "'"));
  }

  private Optional<Integer> serverMajorThen() {
    return source()
        .map(SourceDatabase::serverVersion)
        .or(examination.contents()::serverVersion)
        .flatMap(BackupFit::major);
  }

  private Optional<Integer> dumpMajor() {
    return examination.contents().dumpVersion().flatMap(BackupFit::major);
  }

  private static Optional<Integer> major(String version) {
    var matcher = MAJOR.matcher(version.strip());
    return matcher.matches() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
  }

  private void versions() {
    var now = look.cluster().server().major();
    var then = serverMajorThen();
    if (then.isEmpty()) {
      preview.unknown("which version of PostgreSQL the backup comes from: it does not say");
    } else if (then.get() > now) {
      preview.problem(
          "the backup comes from PostgreSQL " + then.get() + ", and the server is older: " + now,
          "restore it into a server of version " + then.get() + " or newer");
    } else if (then.get() < now) {
      preview.warning(
          "the backup comes from PostgreSQL " + then.get() + ", and the server is newer: " + now);
    }
    if (dumpMajor().filter(dump -> dump > now && then.orElse(0) <= now).isPresent()) {
      preview.problem(
          "pg_dump " + dumpMajor().get() + " wrote the backup, and the server is older: " + now,
          "take it with pg_dump " + now + ": a newer one writes settings the server does not know");
    }
  }

  private void programs() {
    var archive = examination.format().map(format -> format.isArchive()).orElse(false);
    var program = archive ? "pg_restore" : "psql";
    try {
      var major = look.programs().major(program);
      var server = look.cluster().server().major();
      if (archive && dumpMajor().filter(dump -> dump > major).isPresent()) {
        preview.problem(
            "pg_restore "
                + major
                + " can't be relied on to read what pg_dump wrote, which is "
                + dumpMajor().get(),
            "install the client programs of PostgreSQL " + dumpMajor().get());
      }
      if (archive && major > server) {
        preview.problem(
            "pg_restore " + major + " is newer than the server, " + server,
            "install the client programs of PostgreSQL " + server);
      }
    } catch (Refused e) {
      e.problems().forEach(preview::problem);
    } catch (PostgresException e) {
      preview.problem(e.problem());
    }
  }

  private void roles() {
    var there = look.cluster().roles();
    var named = examination.contents().namedRoles();
    if (!privileges) {
      named
          .policiesBeyond(there)
          .forEach(policy -> {
            if (policy.isMissedBy(there)) {
              preview.problem(missed(policy));
            } else {
              preview.warning("is left out: " + shown(policy));
            }
          });
    }
    if (owner) {
      new Rights(look, preview).givingTo(named.owners());
    }
    var missing = new TreeSet<>(named.needed(owner, privileges));
    missing.removeAll(there);
    if (!missing.isEmpty()) {
      var attributes = source().map(SourceDatabase::roles).orElse(new java.util.TreeMap<>());
      preview.problem(
          "the backup needs roles that do not exist: " + String.join(", ", missing),
          missing.stream()
                  .map(role ->
                      ("CREATE ROLE "
                                  + Identifiers.quote(role)
                                  + " "
                                  + attributes.getOrDefault(role, ""))
                              .strip()
                          + ";")
                  .collect(Collectors.joining(" "))
              + (owner || privileges ? " or set owner: false and privileges: false" : ""));
    }
  }

  /** A policy that can neither be made nor left out. */
  static Problem missed(Policy policy) {
    return Problem.of(
        "the restrictive "
            + shown(policy)
            + ", and without it those who are would see rows that it keeps from them",
        "create the missing roles with CREATE ROLE … NOLOGIN");
  }

  /** A policy and for whom it is. */
  static String shown(Policy policy) {
    return "policy %s of %s, for %s: not all of them are roles here"
        .formatted(policy.name(), policy.table(), String.join(", ", policy.roles()));
  }
}
