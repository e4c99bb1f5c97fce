package pgrunbook.process;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import pgrunbook.text.Masking;
import pgrunbook.text.Secret;

/**
 * A program to start, its arguments as they are (no shell ever reads them) and its environment.
 *
 * @param environment set in addition to what is inherited
 * @param secretEnvironment the same for values that are not shown, such as PGPASSWORD
 * @param withoutInherited variables whose names start so are not inherited
 * @param folder where it runs; empty means this process's folder
 * @param shownWords what is shown in place of <code>argv</code>, without words that only make it
 *     longer
 * @param receipt whether it says at its end how it ended, as one does that {@link #receipted} made
 */
public record ChildCommand(
    List<String> argv,
    Map<String, String> environment,
    Map<String, Secret> secretEnvironment,
    Set<String> withoutInherited,
    Optional<Path> folder,
    Optional<List<String>> shownWords,
    boolean receipt) {
  /** By which those are found that have left the command's process group. */
  private static final String MARK = "PGRUNBOOK_CHILD";

  public ChildCommand {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
    secretEnvironment = Map.copyOf(secretEnvironment);
    withoutInherited = Set.copyOf(withoutInherited);
    if (argv.isEmpty() || argv.getFirst().isEmpty()) {
      throw new IllegalArgumentException("a command needs a program");
    }
  }

  public static ChildCommand of(List<String> argv) {
    return new ChildCommand(
        argv, Map.of(), Map.of(), Set.of(), Optional.empty(), Optional.empty(), false);
  }

  public static ChildCommand of(String... argv) {
    return of(List.of(argv));
  }

  public ChildCommand with(String name, String value) {
    return new ChildCommand(
        argv,
        plus(environment, name, value),
        secretEnvironment,
        withoutInherited,
        folder,
        shownWords,
        receipt);
  }

  public ChildCommand withSecret(String name, Secret value) {
    return new ChildCommand(
        argv,
        environment,
        plus(secretEnvironment, name, value),
        withoutInherited,
        folder,
        shownWords,
        receipt);
  }

  /** Sets a variable that would only make the shown line longer. */
  public ChildCommand withQuietly(String name, String value) {
    return withSecret(name, new Secret(value));
  }

  /**
   * Where it is ended before its own end, by a time-out or an interrupt, all that it has started
   * ends with it, daemons too. What it leaves when it ends by itself may stay.
   */
  public ChildCommand withAllItStarts() {
    return withQuietly(MARK, UUID.randomUUID().toString());
  }

  /** The variable, as an environment has it, that {@link #withAllItStarts} has set. */
  Optional<String> mark() {
    return Optional.ofNullable(secretEnvironment.get(MARK)).map(it -> MARK + "=" + it.reveal());
  }

  /** Keeps variables of this process from the child, by the start of their names. */
  public ChildCommand without(String prefix) {
    var more = new TreeSet<>(withoutInherited);
    more.add(prefix);
    return new ChildCommand(
        argv, environment, secretEnvironment, more, folder, shownWords, receipt);
  }

  public ChildCommand in(Path where) {
    return new ChildCommand(
        argv,
        environment,
        secretEnvironment,
        withoutInherited,
        Optional.of(where),
        shownWords,
        receipt);
  }

  /** The same surroundings for another program. */
  public ChildCommand running(List<String> other) {
    return new ChildCommand(
        other, environment, secretEnvironment, withoutInherited, folder, Optional.empty(), false);
  }

  /**
   * Words for a program that runs somewhere else, by its shell, and says at its end how it ended;
   * the command they become part of is to be {@link #withReceipt}.
   */
  public static List<String> receipted(List<String> program) {
    return Receipt.wrapped(program);
  }

  /** Takes its end for its end only with a receipt; without one it may still run. */
  public ChildCommand withReceipt() {
    return new ChildCommand(
        argv, environment, secretEnvironment, withoutInherited, folder, shownWords, true);
  }

  /** Shows these words in place of the command's own. */
  public ChildCommand shownAs(List<String> words) {
    return new ChildCommand(
        argv,
        environment,
        secretEnvironment,
        withoutInherited,
        folder,
        Optional.of(List.copyOf(words)),
        receipt);
  }

  public String program() {
    return argv.getFirst();
  }

  /** One line that can be pasted into a shell; secret variables are left out, others are shown. */
  public String shown(Masking masking) {
    var variables =
        new TreeMap<>(environment)
            .entrySet().stream().map(e -> e.getKey() + "=" + ShellQuoting.quote(e.getValue()));
    var words = shownWords.orElse(argv).stream().map(ShellQuoting::quote);
    return masking.mask(Stream.concat(variables, words).collect(Collectors.joining(" ")));
  }

  /** What the child's environment is, made from this process's. */
  Map<String, String> environmentFrom(Map<String, String> inherited) {
    Map<String, String> result = new LinkedHashMap<>(inherited);
    result.keySet().removeIf(name -> withoutInherited.stream().anyMatch(name::startsWith));
    result.putAll(environment);
    secretEnvironment.forEach((name, secret) -> result.put(name, secret.reveal()));
    return result;
  }

  private static <V> Map<String, V> plus(Map<String, V> map, String name, V value) {
    Map<String, V> more = new LinkedHashMap<>(map);
    more.put(name, value);
    return more;
  }
}
