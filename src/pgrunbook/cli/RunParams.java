package pgrunbook.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import pgrunbook.journal.RunState;
import pgrunbook.runbook.Runbook;
import pgrunbook.text.Masking;
import pgrunbook.text.Refused;
import pgrunbook.text.Secret;

/**
 * The params of a run, which goes on with those that it began with. What is secret in them it does
 * not keep, and is given again.
 */
final class RunParams {
  private static final String PARAMS = "params";
  private static final String DIGESTS = "secret_params";

  private RunParams() {}

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

  /**
   * Keeps them in a run's first line: of a secret one, and of one with a secret in it, only what
   * tells it from others.
   */
  static void note(Prepared prepared, Masking masking, ObjectNode created) {
    var kept = created.putObject(PARAMS);
    var digests = created.putObject(DIGESTS);
    var secrets = prepared.secretParams();
    prepared
        .params()
        .forEach((name, value) -> {
          var text = String.valueOf(value);
          if (secrets.containsKey(name) || !masking.mask(text).equals(text)) {
            kept.put(name, Masking.MASK);
            digests.put(name, SecretDigest.of(new Secret(text)).text());
          } else {
            kept.put(name, text);
          }
        });
  }

  /** What a run was given, and now is given again. */
  static Map<String, String> of(RunState state, Map<String, String> given) {
    Map<String, String> params = new LinkedHashMap<>();
    var digests = created(state).path(DIGESTS);
    created(state).path(PARAMS).properties().stream()
        .filter(it -> !digests.has(it.getKey()))
        .forEach(it -> params.put(it.getKey(), it.getValue().asText()));
    params.putAll(given);
    return params;
  }

  /**
   * Makes sure that a run goes on with the params that it began with.
   *
   * @throws Refused naming one that is another
   */
  static void refuseOthers(RunState state, Prepared prepared) {
    var created = created(state);
    prepared
        .params()
        .forEach((name, value) -> {
          var text = String.valueOf(value);
          var digest = created.path(DIGESTS).path(name).asText();
          if (!digest.isEmpty()) {
            if (!new SecretDigest(digest).isOf(new Secret(text))) {
              throw otherSecret(name);
            }
          } else if (!created.path(PARAMS).path(name).asText().equals(text)) {
            throw other(name, created.path(PARAMS).path(name).asText());
          }
        });
  }

  private static JsonNode created(RunState state) {
    return state.created().orElseThrow().data();
  }

  private static Refused other(String name, String began) {
    return new Refused(
        "param '" + name + "' is another one than the run was made with, '" + began + "'",
        "leave --set " + name + " out; a run with another value is a new run");
  }

  private static Refused otherSecret(String name) {
    return new Refused(
        "param '" + name + "' is another one than the run was made with",
        "give the same again, --set "
            + name
            + "=…, or for a secret param the variable "
            + variable(name));
  }
}
