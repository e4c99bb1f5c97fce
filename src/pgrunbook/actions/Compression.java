package pgrunbook.actions;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import pgrunbook.action.StepFailed;
import pgrunbook.backup.Format;
import pgrunbook.text.Refused;

/**
 * How a backup is compressed.
 *
 * @param level of the method; empty for the method's own
 * @param chosen whether the runbook says so; else it is the fastest, see docs/performance.md
 */
record Compression(Method method, Optional<Integer> level, boolean chosen) {
  private static final Pattern WRITTEN =
      Pattern.compile("(none|gzip|lz4|zstd)(?::(0|[1-9][0-9]?))?");

  /** From then on pg_dump knows others than gzip, where it was built with them. */
  private static final int FIRST_WITH_METHODS = 16;

  /** The word that stands in every language's message of a pg_dump that was built without it. */
  private static final String NOT_BUILT = "ZSTD";

  /** What pg_dump calls them. */
  enum Method {
    NONE(0),
    GZIP(9),
    LZ4(12),
    ZSTD(22);

    private final int highest;

    Method(int highest) {
      this.highest = highest;
    }

    String shown() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * As a runbook writes it: <code>zstd:3</code>.
   *
   * @throws IllegalArgumentException where it is none, or none for the format
   */
  static Compression of(String written, Format format) {
    var matcher = WRITTEN.matcher(written);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "compression is none, gzip, lz4 or zstd, with a level as in gzip:6");
    }
    var method = Method.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
    var level = Optional.ofNullable(matcher.group(2)).map(Integer::valueOf);
    if (level.isPresent() && (level.get() < 1 || level.get() > method.highest)) {
      throw new IllegalArgumentException(
          method == Method.NONE
              ? "compression none has no level"
              : "a level of " + method.shown() + " is 1 to " + method.highest);
    } else if (!suits(method, format)) {
      throw new IllegalArgumentException(
          "compression %s does not go with %s".formatted(method.shown(), format.shown()));
    }
    return new Compression(method, level, true);
  }

  private static boolean suits(Method method, Format format) {
    return switch (format) {
      case PLAIN -> method == Method.NONE;
      case GZIP -> method == Method.GZIP;
      case CUSTOM, DIRECTORY -> true;
    };
  }

  /** What a pg_dump of that major version does fastest, measured; one of its level 1. */
  static Compression fastest(Format format, int major) {
    return switch (format) {
      case PLAIN -> new Compression(Method.NONE, Optional.empty(), false);
      case GZIP -> gzip();
      case CUSTOM, DIRECTORY ->
          major < FIRST_WITH_METHODS ? gzip() : new Compression(Method.ZSTD, Optional.of(1), false);
    };
  }

  private static Compression gzip() {
    return new Compression(Method.GZIP, Optional.of(1), false);
  }

  /** What is left where pg_dump ended with that failure; nothing where that is not the reason. */
  Optional<Compression> instead(StepFailed failed) {
    return !chosen && String.valueOf(failed.getMessage()).contains(NOT_BUILT)
        ? Optional.of(gzip())
        : Optional.empty();
  }

  /** What tells an archive's pg_dump of that major version. */
  List<String> arguments(int major) {
    if (major >= FIRST_WITH_METHODS) {
      var of = level.map(number -> ":" + number).orElse("");
      return List.of("--compress=" + method.shown() + of);
    }
    return switch (method) {
      case NONE -> List.of("--compress=0");
      case GZIP -> level.map(number -> List.of("--compress=" + number)).orElse(List.of());
      case LZ4, ZSTD ->
          throw new Refused(
              "pg_dump " + major + " does not know compression " + method.shown(),
              "use gzip, or the client programs of PostgreSQL " + FIRST_WITH_METHODS);
    };
  }
}
