package pgrunbook.starter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** Writes an environment's file. */
final class EnvironmentText {
  private static final String WORD = "[A-Za-z0-9_./-]";
  private static final Pattern PLAIN =
      Pattern.compile(
          "(?:%1$s|\\$\\{env\\.\\w+(?: \\?\\? (?:env\\.\\w+|'%1$s*'))*\\})+".formatted(WORD));
  private static final Pattern NO_TEXT =
      Pattern.compile("(?i)-.*|[-+.0-9_]+(e[0-9]+)?|0x.*|true|false|null|yes|no|on|off|y|n");

  private EnvironmentText() {}

  static String of(Deployment it) {
    var lines = new StringJoiner("\n", "", "\n");
    lines.add("# yaml-language-server: $schema=environment.schema.json");
    lines.add("# Written by 'runbook init' from " + String.join(" and ", it.files()) + ".");
    it.connection().notes().forEach(note -> lines.add("# Note: " + note + "."));
    lines.add("name: " + it.environment());
    if (isProtected(it)) {
      lines.add(
          "protected: true # a run that destroys or replaces asks for the database's name, after"
              + " all checks");
    }
    lines.add("env_file: " + scalar(it.connection().envFile()));
    database(it, lines);
    compose(it, lines);
    lines.add("backups:");
    lines.add("  dir: " + scalar(it.backups().template()));
    if (isProtected(it)) {
      lines.add("maintenance:");
      lines.add(
          "  flag_file: maintenance.flag # the site is in maintenance while it exists: let the"
              + " proxy or the application look");
    }
    return lines.toString();
  }

  static boolean isProtected(Deployment it) {
    return !it.environment().equals("dev");
  }

  private static void database(Deployment it, StringJoiner lines) {
    var connection = it.connection();
    lines.add("database:");
    lines.add("  name: " + scalar(connection.name().template()));
    Optional.ofNullable(it.postgres().environment().get("PGPORT"))
        .flatMap(port -> port.flatMap(Form::parse))
        .ifPresent(port -> lines.add("  port: " + port.template()));
    lines.add("  user: " + scalar(connection.user().template()));
    lines.add("  password: " + scalar(connection.password().template()));
  }

  private static void compose(Deployment it, StringJoiner lines) {
    lines.add("compose: # its services are those that runbooks name");
    lines.add("  file: " + scalar(it.lastFile()));
    var options = options(it);
    if (!options.isEmpty()) {
      lines.add("  options: [" + String.join(", ", options) + "]");
    }
    it.project()
        .ifPresent(
            project -> lines.add("  project: " + scalar(project.name()) + " # " + project.why()));
    lines.add("  postgres_service: " + scalar(it.postgres().name()));
    if (!it.postgres().profiles().isEmpty()) {
      lines.add("  profiles: [" + String.join(", ", it.postgres().profiles()) + "]");
    }
  }

  /** What Compose has to be told before the last of its files, whichever version it is. */
  private static List<String> options(Deployment it) {
    var words = new ArrayList<String>();
    var usual = Deployment.home(it.files()).resolve(".env").toString();
    if (!it.connection().envFile().equals(usual) && it.usualEnvFile()) {
      words.addAll(List.of("--env-file", scalar(usual)));
    }
    for (var file : it.files().subList(0, it.files().size() - 1)) {
      words.addAll(List.of("-f", scalar(file)));
    }
    return words;
  }

  /** A text as YAML, in quotes where it needs some. */
  static String scalar(String text) {
    return PLAIN.matcher(text).matches() && !NO_TEXT.matcher(text).matches()
        ? text
        : "'" + text.replace("'", "''") + "'";
  }
}
