package pgrunbook.diagnosis;

import java.util.List;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Fine;
import pgrunbook.diagnosis.Finding.Trouble;
import pgrunbook.service.ServiceState;
import pgrunbook.service.ServicesView;
import pgrunbook.service.Verb;

/** Whether the services run that an environment has commands for. */
record CommandedServices(Patient patient, ServicesView services) {
  List<Finding> look() {
    return services.names().stream().map(this::service).toList();
  }

  private Finding service(String name) {
    var what = "service " + name;
    return switch (services.state(name)) {
      case ServiceState.Running() -> new Fine(what + " runs");
      case ServiceState.Stopped() -> stopped(name);
      case ServiceState.Partly(var how) ->
          new Trouble(what + " runs in part: " + how, services.shown(name, Verb.START));
      case ServiceState.Unknown(var why) -> new CouldNotCheck("whether " + what + " runs", why);
    };
  }

  private Finding stopped(String name) {
    return patient
        .wiring()
        .runs()
        .owing(patient.environment().name(), "service:" + name)
        .map(run -> patient.owed("service " + name + " is stopped", run))
        .orElseGet(
            () -> new Trouble("service " + name + " is stopped", services.shown(name, Verb.START)));
  }
}
