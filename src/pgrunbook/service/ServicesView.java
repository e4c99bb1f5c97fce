package pgrunbook.service;

import java.util.List;
import java.util.Optional;

/** The services of an environment, for those who only look. */
public interface ServicesView {
  List<String> names();

  ServiceState state(String service);

  /**
   * More about its state, to be shown behind it in a plan: <code>healthy, restart: always</code>.
   */
  default String detail(String service) {
    return "";
  }

  /**
   * Who has that network address, such as <code>service worker</code>; empty where nobody knows.
   */
  default Optional<String> at(String address) {
    return Optional.empty();
  }

  /** The command that would be run, to be shown in a plan. */
  String shown(String service, Verb verb);

  /** Whether nothing real is behind them. */
  boolean simulated();
}
