package pgrunbook.service;

import pgrunbook.process.Deadline;

/** The maintenance mode of an environment; switching it twice is no error. */
public interface Maintenance extends MaintenanceView {
  /**
   * Switches it on.
   *
   * @param run who does, so that people who find it on know whom to ask
   */
  void on(String run, Deadline deadline) throws ServiceFailed, InterruptedException;

  void off(Deadline deadline) throws ServiceFailed, InterruptedException;
}
