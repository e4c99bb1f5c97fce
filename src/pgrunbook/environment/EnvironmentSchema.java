package pgrunbook.environment;

import pgrunbook.yaml.Schema;

/** The JSON Schema of environment files, which editors complete and check them by. */
public final class EnvironmentSchema {
  private EnvironmentSchema() {}

  /** The schema as text. */
  public static String generate() {
    return Schema.document("An environment of pgrunbook", Schema.of(EnvironmentFile.class));
  }
}
