package pgrunbook.action;

import pgrunbook.postgres.ClusterView;

/** Another environment of the same project, which a step may look at and nothing more. */
public interface Elsewhere {
  Target target();

  /**
   * Its server; reached when it is first asked something.
   *
   * @throws pgrunbook.postgres.PostgresException where it can't be reached
   */
  ClusterView cluster();
}
