package pgrunbook.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import pgrunbook.action.Claim;
import pgrunbook.text.Masking;
import pgrunbook.text.Problem;

/** What a plan depends on, and the short name of all of it. */
final class Digest {
  private static final int SHOWN = 16;
  static final String SURROUNDINGS = "services, maintenance or Compose";

  private Digest() {}

  static Plan seal(
      Planner.Request request,
      List<PlannedStep> steps,
      List<Problem> problems,
      List<Claim.Owes> owed) {
    var madeFrom = madeFrom(request, steps);
    var text = new StringBuilder();
    madeFrom.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    for (var step : steps) {
      text.append(step.path()).append(step.condition()).append(step.preview().effect());
      text.append(step.with()).append(step.preview().commands()).append('\n');
    }
    return new Plan(
        request.runbook(),
        request.facts(),
        shownParams(request),
        steps,
        problems,
        owed,
        madeFrom,
        sha256(text.toString()).substring(0, SHOWN));
  }

  private static Map<String, String> madeFrom(Planner.Request request, List<PlannedStep> steps) {
    var from = new LinkedHashMap<String, String>();
    from.put("runbook", sha256(request.runbook().source()));
    from.put("environment", sha256(request.environmentSource()));
    from.put(SURROUNDINGS, sha256(request.surroundings()));
    from.put("system identifier", request.facts().systemIdentifier());
    from.put("user", request.facts().user());
    from.put("database", request.facts().database());
    from.put("backups", request.facts().backups());
    from.put("database oid", request.facts().oid().map(String::valueOf).orElse("none"));
    request
        .params()
        .forEach((name, value) -> from.put("param " + name, shown(request, name, value)));
    for (var step : steps) {
      var preview = step.preview();
      for (var fact : preview.facts()) {
        if (fact.identity()) {
          from.put("step " + step.path() + ", " + fact.name(), fact.value());
        }
      }
      preview
          .foreseen()
          .forEach((name, value) -> from.put("step " + step.path() + ", output " + name, value));
    }
    return from;
  }

  private static Map<String, String> shownParams(Planner.Request request) {
    var shown = new LinkedHashMap<String, String>();
    request.params().forEach((name, value) -> shown.put(name, shown(request, name, value)));
    return shown;
  }

  /** A secret leaves no trace, not even a digest that could be guessed at. */
  private static String shown(Planner.Request request, String name, Object value) {
    var param = request.runbook().params().get(name);
    return param != null && param.secret() ? Masking.MASK : String.valueOf(value);
  }

  static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
