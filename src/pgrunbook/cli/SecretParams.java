package pgrunbook.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import pgrunbook.journal.RunState;
import pgrunbook.runbook.Runbook;
import pgrunbook.text.Refused;

/** Params whose values no run keeps: where they come from, and how a run knows them again. */
final class SecretParams {
  private static final String DIGESTS = "secret_params";

  private SecretParams() {}

  /** The variable that a secret param comes from where a command line is no place for it. */
  static String variable(String param) {
    return "PGRUNBOOK_PARAM_" + param.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  /** What was given, and secret params from variables. */
  static Map<String, String> given(
      Runbook runbook, Map<String, String> given, Map<String, String> env) {
    Map<String, String> all = new LinkedHashMap<>(given);
    secrets(runbook)
        .forEach(name -> {
          var value = Optional.ofNullable(env.get(variable(name)));
          value.ifPresent(it -> all.putIfAbsent(name, it));
        });
    return all;
  }

  private static Iterable<String> secrets(Runbook runbook) {
    return runbook.params().entrySet().stream()
        .filter(it -> it.getValue().secret())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Has a run's first line tell them from others. */
  static void note(Prepared prepared, ObjectNode created) {
    var digests = created.putObject(DIGESTS);
    prepared
        .secretParams()
        .forEach((name, value) -> digests.put(name, SecretDigest.of(value).text()));
  }

  /**
   * Makes sure that a run goes on with the params that it began with.
   *
   * @throws Refused naming one that is another
   */
  static void refuseOthers(RunState state, Prepared prepared) {
    var created = state.created().orElseThrow().data();
    prepared
        .secretParams()
        .forEach((name, value) -> {
          var digest = created.path(DIGESTS).path(name).asText();
          if (!digest.isEmpty() && !new SecretDigest(digest).isOf(value)) {
            throw other(name);
          }
        });
  }

  private static Refused other(String name) {
    return new Refused(
        "param '" + name + "' is another one than the run was made with",
        "give the same again, --set " + name + "=… or the variable " + variable(name));
  }
}
