package pgrunbook.actions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.action.Act;
import pgrunbook.action.Look;
import pgrunbook.action.Observed;
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
      var hint = Closest.hint(name, services.names());
      var hidden = look.compose().isPresent() && !hint.startsWith("did you mean");
      preview.problem(
          "unknown service '" + name + "'",
          PostgresService.missing(name, look)
              .orElse(hidden ? hint + "; or is it in a profile? see compose.profiles" : hint));
      return;
    }
    state(preview, name, look);
    verbs.forEach(verb -> preview.command(look.masking().mask(services.shown(name, verb))));
  }

  /** Adds one service's state. */
  static ServiceState state(Preview.Builder preview, String name, Look look) {
    var state = look.services().state(name);
    var detail = look.services().detail(name);
    preview.fact("service " + name, detail.isEmpty() ? word(state) : word(state) + ", " + detail);
    if (state instanceof ServiceState.Unknown(var why)) {
      preview.unknown("whether service " + name + " runs: " + why);
    }
    return state;
  }

  private static String word(Verb verb) {
    return verb.name().toLowerCase(java.util.Locale.ROOT);
  }

  static String word(ServiceState state) {
    return switch (state) {
      case ServiceState.Running() -> "running";
      case ServiceState.Stopped() -> "stopped";
      case ServiceState.Partly(var what) -> "partly running: " + what;
      case ServiceState.Unknown _ -> "unknown";
    };
  }

  /**
   * What was found when a set of services was looked at. One that runs in part is among those that
   * run and among those that are stopped: stopping and starting it both have something left to do.
   *
   * @param partly what is missing, by service
   */
  record Found(
      List<String> running,
      List<String> stopped,
      Map<String, String> partly,
      Optional<String> unknown) {

    /** Names those that are still so, and those that are so in part. */
    String left(String how, List<String> services) {
      var texts = new ArrayList<String>();
      var whole = services.stream().filter(name -> !partly.containsKey(name)).toList();
      if (!whole.isEmpty()) {
        texts.add(how + ": " + String.join(", ", whole));
      }
      partly.forEach((name, what) -> texts.add("partly running: " + name + " (" + what + ")"));
      return String.join("; ", texts);
    }
  }

  /** Looks at each service once. */
  static Found look(List<String> services, ServicesView view) {
    var running = new ArrayList<String>();
    var stopped = new ArrayList<String>();
    var partly = new LinkedHashMap<String, String>();
    var unknown = new ArrayList<String>();
    for (var service : services.stream().distinct().toList()) {
      switch (view.state(service)) {
        case ServiceState.Running() -> running.add(service);
        case ServiceState.Stopped() -> stopped.add(service);
        case ServiceState.Partly(var what) -> {
          running.add(service);
          stopped.add(service);
          partly.put(service, what);
        }
        case ServiceState.Unknown(var why) ->
            unknown.add("whether service " + service + " runs is unknown: " + why);
      }
    }
    return new Found(running, stopped, partly, joined(unknown));
  }

  private static Optional<String> joined(List<String> texts) {
    return texts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", texts));
  }

  /**
   * How far starting came.
   *
   * @param wereStopped those that an attempt was going to start
   */
  static <O extends Record> Observed<O> started(Found found, List<String> wereStopped, O done) {
    return reached(found, found.stopped(), "still stopped", wereStopped, done);
  }

  /**
   * How far stopping came.
   *
   * @param wereRunning those that an attempt was going to stop
   */
  static <O extends Record> Observed<O> stopped(Found found, List<String> wereRunning, O done) {
    return reached(found, found.running(), "still running", wereRunning, done);
  }

  private static <O extends Record> Observed<O> reached(
      Found found, List<String> left, String how, List<String> atFirst, O done) {
    if (found.unknown().isPresent()) {
      return new Observed.Unknown<>(found.unknown().get());
    }
    if (left.isEmpty()) {
      return new Observed.Done<>(done);
    }
    return found.partly().isEmpty() && left.containsAll(atFirst)
        ? new Observed.NotDone<>()
        : new Observed.Partly<>(found.left(how, left));
  }

  /** Starts a service unless it runs, and waits until it is ready. */
  static void start(String service, Act act) throws StepFailed, InterruptedException {
    try {
      act.services().start(service, act.deadline());
    } catch (ServiceFailed e) {
      throw failed(e);
    }
  }

  /** Stops a service unless it is stopped, and waits until it is. */
  static void stop(String service, Act act) throws StepFailed, InterruptedException {
    try {
      act.services().stop(service, act.deadline());
    } catch (ServiceFailed e) {
      throw failed(e);
    }
  }

  static boolean isStopped(String service, Look look) {
    return look.services().state(service) instanceof ServiceState.Stopped;
  }

  static StepFailed failed(ServiceFailed e) {
    return new StepFailed(e.problem().what(), e.problem().hint(), e);
  }
}
