package pgrunbook.actions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pgrunbook.action.Look;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Late;
import pgrunbook.service.ServiceFailed;
import pgrunbook.service.ServiceState;
import pgrunbook.service.ServicesView;
import pgrunbook.service.Verb;
import pgrunbook.text.Closest;

/** What the actions on services have in common. */
final class ServiceSteps {
  private ServiceSteps() {}

  /** The services as claims name them; those that only a run can know by what a plan shows. */
  static List<String> claimed(Late<List<String>> services) {
    return switch (services) {
      case Late.Known<List<String>>(var names) -> names;
      case Late.Pending<List<String>>(var shown, var _) -> List.of(shown);
    };
  }

  /** Under which id a stopped service is owed. */
  static String owedAs(String service) {
    return "service:" + service;
  }

  /** Adds each service's state, the commands, and what is wrong. */
  static void show(
      Preview.Builder preview, Late<List<String>> services, Look look, List<Verb> verbs) {
    switch (services) {
      case Late.Pending<List<String>>(var shown, var _) -> {
        verbs.forEach(verb -> preview.command(word(verb) + " each of " + shown));
        preview.unknown("which services " + shown + " names");
      }
      case Late.Known<List<String>>(var names) -> {
        // in a run, a list that turns out empty leaves nothing to do
        if (names.isEmpty() && look.run().id().isEmpty()) {
          preview.problem("no service is named", "write services: [" + example(look) + "]");
        }
        names.forEach(name -> show(preview, name, look, verbs));
      }
    }
  }

  private static String example(Look look) {
    return look.services().names().stream().findFirst().orElse("backend");
  }

  private static void show(Preview.Builder preview, String name, Look look, List<Verb> verbs) {
    var services = look.services();
    if (!services.simulated() && !services.names().contains(name)) {
      preview.problem("unknown service '" + name + "'", Closest.hint(name, services.names()));
      return;
    }
    var state = services.state(name);
    preview.fact("service " + name, word(state));
    if (state instanceof ServiceState.Unknown(var why)) {
      preview.unknown("whether service " + name + " runs: " + why);
    }
    verbs.forEach(verb -> preview.command(look.masking().mask(services.shown(name, verb))));
  }

  private static String word(Verb verb) {
    return verb.name().toLowerCase(java.util.Locale.ROOT);
  }

  static String word(ServiceState state) {
    return switch (state) {
      case ServiceState.Running() -> "running";
      case ServiceState.Stopped() -> "stopped";
      case ServiceState.Unknown _ -> "unknown";
    };
  }

  /** What was found when a set of services was looked at. */
  record Found(List<String> running, List<String> stopped, Optional<String> unknown) {}

  /** Looks at each service once. */
  static Found look(List<String> services, ServicesView view) {
    var running = new ArrayList<String>();
    var stopped = new ArrayList<String>();
    var unknown = new ArrayList<String>();
    for (var service : services) {
      switch (view.state(service)) {
        case ServiceState.Running() -> running.add(service);
        case ServiceState.Stopped() -> stopped.add(service);
        case ServiceState.Unknown(var why) ->
            unknown.add("whether service " + service + " runs is unknown: " + why);
      }
    }
    return new Found(running, stopped, joined(unknown));
  }

  private static Optional<String> joined(List<String> texts) {
    return texts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", texts));
  }

  static StepFailed failed(ServiceFailed e) {
    return new StepFailed(e.problem().what(), e.problem().hint(), e);
  }
}
