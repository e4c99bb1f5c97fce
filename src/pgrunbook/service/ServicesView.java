package pgrunbook.service;

import java.util.List;

/** The services of an environment, for those who only look. */
public interface ServicesView {
  List<String> names();

  ServiceState state(String service);

  /** The command that would be run, to be shown in a plan. */
  String shown(String service, Verb verb);

  /** Whether nothing real is behind them. */
  boolean simulated();
}
