package pgrunbook.actions;

/** Which package brings an extension to a server. */
final class ExtensionPackages {
  private ExtensionPackages() {}

  /** As Debian and its derivatives name it, and an image where there is one. */
  static String of(String extension, int major) {
    return switch (extension) {
      case "vector" ->
          "postgresql-" + major + "-pgvector (image pgvector/pgvector:pg" + major + ")";
      case "postgis", "postgis_topology", "postgis_raster" -> "postgresql-" + major + "-postgis-3";
      case "timescaledb" -> "timescaledb-2-postgresql-" + major;
      default -> "the package postgresql-" + major + "-" + extension.replace('_', '-');
    };
  }
}
