package pgrunbook.postgres;

import java.util.Optional;
import java.util.Set;
import pgrunbook.text.Problem;

/** Which package brings which program. */
public final class Packages {
  private static final Set<String> SERVER_PROGRAMS =
      Set.of("initdb", "pg_ctl", "postgres", "pg_controldata", "pg_checksums");

  private Packages() {}

  static Problem missing(String program, Optional<Integer> major) {
    var version = major.map(m -> " of PostgreSQL " + m).orElse("");
    return Problem.of(
        "there is no program '" + program + "'" + version + " on this machine",
        major
            .map(m -> hint(m, SERVER_PROGRAMS.contains(program)))
            .orElse("install PostgreSQL's programs, or name their folder in PGRUNBOOK_PG_BIN"));
  }

  static String hint(int major, boolean server) {
    var debian = (server ? "postgresql-" : "postgresql-client-") + major;
    return "install it: apt install "
        + debian
        + ", dnf install postgresql"
        + major
        + (server ? "-server" : "")
        + ", or brew install postgresql@"
        + major
        + "; or name its folder in PGRUNBOOK_PG_BIN";
  }

  /** Which package brings an extension's files. */
  public static String ofExtension(String extension, int major) {
    return switch (extension) {
      case "vector" ->
          "postgresql-" + major + "-pgvector (image pgvector/pgvector:pg" + major + ")";
      case "postgis", "postgis_topology", "postgis_raster" -> "postgresql-" + major + "-postgis-3";
      case "timescaledb" -> "timescaledb-2-postgresql-" + major;
      default -> "the package postgresql-" + major + "-" + extension.replace('_', '-');
    };
  }
}
