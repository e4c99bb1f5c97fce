package pgrunbook.action;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.backup.ArchiveReader;
import pgrunbook.compose.ComposeView;
import pgrunbook.postgres.ClusterView;
import pgrunbook.service.MaintenanceView;
import pgrunbook.service.ServicesView;
import pgrunbook.text.Masking;

/** What a step may look at; nothing in it changes anything. */
public interface Look {
  Target target();

  RunTag run();

  ClusterView cluster();

  ServicesView services();

  MaintenanceView maintenance();

  /** The Compose project of the environment, where it has one. */
  Optional<ComposeView> compose();

  /**
   * Another environment of the project; empty in a rehearsal, which has none around.
   *
   * @throws pgrunbook.text.InvalidInput where there is none of that name, or its file is wrong
   */
  Optional<Elsewhere> elsewhere(String environment);

  /**
   * A list that the finished steps of an action have yielded in the project's rehearsals, by the id
   * of each: of those that began with a backup and came to their end; nothing in a rehearsal
   * itself.
   */
  Map<String, List<String>> rehearsed(String action, String output);

  /** The client programs as commands, for a plan to show; a look never runs one that writes. */
  Programs programs();

  /** Reads archives by <code>pg_restore</code>, which only reads then. */
  ArchiveReader archives();

  /** What the steps before this one leave. */
  List<Claim> held();

  /** Outputs of this step that the plan was already certain of; empty while planning. */
  Map<String, String> foreseen();

  Masking masking();

  Progress progress();
}
