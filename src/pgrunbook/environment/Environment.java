package pgrunbook.environment;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import pgrunbook.text.Secret;

/**
 * Where a runbook acts.
 *
 * @param envFile the file of variables; it need not be there
 * @param secrets the names in <code>env</code> whose values are secret too
 * @param env the process's environment, and what <code>.env</code> adds to it
 */
public record Environment(
    String name,
    Path file,
    Path envFile,
    boolean isProtected,
    Database database,
    Optional<ComposeSettings> compose,
    Map<String, ServiceCommands> services,
    Backups backups,
    MigrationSettings migrations,
    Optional<Maintenance> maintenance,
    Optional<String> systemIdentifier,
    List<String> secrets,
    Map<String, String> env) {
  public Environment {
    services = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(services));
    secrets = List.copyOf(secrets);
    env = Map.copyOf(env);
  }

  /**
   * Everything that must not be shown: the password, and the values behind <code>secrets</code>.
   */
  public List<Secret> secretValues() {
    var listed = secrets.stream().map(env::get).filter(v -> v != null).map(Secret::new);
    return Stream.concat(database.password().stream(), listed).distinct().toList();
  }

  /**
   * What can be masked of those and of others. A password that is also a name, such as postgres,
   * can't be hidden: it is everywhere.
   */
  public List<Secret> hidden(Collection<Secret> more) {
    var names = List.of("postgres", name, database.name(), database.user());
    return Stream.concat(secretValues().stream(), more.stream())
        .filter(secret -> !names.contains(secret.reveal()))
        .toList();
  }

  /** Shows no value of the environment, which may be secret. */
  @Override
  public String toString() {
    return "Environment[" + name + ", " + file + "]";
  }
}
