package pgrunbook.starter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the database is reached, as an environment file says it. A password's own text is never in
 * it, nor one that is only the default of a variable: environment files are committed.
 *
 * @param envFile the file of variables, relative to the project
 * @param notes what somebody should look at, a sentence each
 */
record Connection(Form name, Form user, Form password, String envFile, List<String> notes) {
  private static final List<String> DATABASES = List.of("POSTGRES_DB", "POSTGRESQL_DATABASE");
  private static final List<String> USERS = List.of("POSTGRES_USER", "POSTGRESQL_USERNAME");
  private static final List<String> PASSWORDS = List.of("POSTGRES_PASSWORD", "POSTGRESQL_PASSWORD");
  private static final Form NOTHING = Form.literal("");

  Connection {
    notes = List.copyOf(notes);
  }

  static Connection of(Service service, Path folder, Path home) {
    var reading = new Reading(service);
    var user = reading.value(USERS, Form.literal("postgres"));
    var name = reading.value(DATABASES, user);
    var password = reading.password();
    return new Connection(name, user, password, reading.envFile(folder, home), reading.notes);
  }

  /** Goes through a service's variables. */
  private static final class Reading {
    private final Service service;
    private final List<String> notes = new ArrayList<>();
    private boolean interpolated;
    private boolean fromFile;

    Reading(Service service) {
      this.service = service;
    }

    /**
     * What a variable of the service says; else the same of its file; else what the image takes.
     */
    private Form value(List<String> keys, Form otherwise) {
      for (var key : keys) {
        var written = service.environment().get(key);
        if (written != null) {
          return seen(written.map(it -> form(key, it)).orElseGet(() -> Form.variable(key)));
        }
      }
      if (service.envFiles().isEmpty()) {
        return otherwise;
      }
      fromFile = true;
      return Form.variable(keys.getFirst(), otherwise);
    }

    private Form form(String key, String written) {
      return Form.parse(written)
          .orElseGet(() -> {
            notes.add(
                "the Compose file writes " + key + " in a way that a runbook can't: correct it");
            return Form.variable(key);
          });
    }

    private Form seen(Form form) {
      interpolated |= form.hasVariables();
      return form;
    }

    Form password() {
      var key = PASSWORDS.stream().filter(service.environment()::containsKey).findFirst();
      if (key.isEmpty()) {
        return service.environment().keySet().stream().anyMatch(it -> it.endsWith("PASSWORD_FILE"))
            ? literal("in a file of its own")
            : value(PASSWORDS, NOTHING);
      }
      var written = Optional.ofNullable(service.environment().get(key.get())).flatMap(it -> it);
      var form = written.flatMap(Form::parse).orElseGet(() -> Form.variable(key.get()));
      if (form.parts().size() == 1 && form.parts().getFirst() instanceof Form.Part.Variable it) {
        return it.otherwise().isEmpty() ? seen(form) : seen(Form.variable(it.name(), NOTHING));
      }
      return literal("in the Compose file itself");
    }

    private Form literal(String where) {
      notes.add(
          "the password is written "
              + where
              + " and was not copied: PostgreSQL's image asks for"
              + " none from inside its container; where it does, set POSTGRES_PASSWORD in the"
              + " env_file");
      return Form.variable("POSTGRES_PASSWORD", NOTHING);
    }

    /** One file can be named: that of the service, where values come from there. */
    String envFile(Path folder, Path home) {
      var usual = home.resolve(".env").toString();
      if (!fromFile) {
        return usual;
      }
      var files =
          service.envFiles().stream().map(it -> relative(folder, home, it)).distinct().toList();
      var file =
          files.stream()
              .filter(
                  it -> Files.isRegularFile(folder.resolve(it)) && hasPassword(folder.resolve(it)))
              .findFirst()
              .orElse(files.getLast());
      if (interpolated && !file.equals(usual)) {
        notes.add(
            "some values come from " + usual + ", which is not read here: set them in " + file);
      }
      return file;
    }

    private static boolean hasPassword(Path file) {
      try {
        return Files.readString(file).contains("PASSWORD");
      } catch (java.io.IOException _) {
        return false;
      }
    }
  }

  /** A path as the Compose file has it, relative to the project. */
  static String relative(Path folder, Path home, String path) {
    var full = folder.resolve(home).resolve(path).normalize();
    return full.startsWith(folder) ? folder.relativize(full).toString() : full.toString();
  }
}
