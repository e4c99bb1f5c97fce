package pgrunbook.service;

import pgrunbook.process.Deadline;

/** The services of an environment; both methods come back when the service is in the state. */
public interface Services extends ServicesView {
  void start(String service, Deadline deadline) throws ServiceFailed, InterruptedException;

  void stop(String service, Deadline deadline) throws ServiceFailed, InterruptedException;
}
