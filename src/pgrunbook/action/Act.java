package pgrunbook.action;

import pgrunbook.postgres.Cluster;
import pgrunbook.process.Deadline;
import pgrunbook.process.Processes;
import pgrunbook.service.Maintenance;
import pgrunbook.service.Services;

/** What a step may act on. */
public interface Act extends Look {
  @Override
  Cluster cluster();

  @Override
  Services services();

  @Override
  Maintenance maintenance();

  Processes processes();

  StepLog log();

  Deadline deadline();
}
