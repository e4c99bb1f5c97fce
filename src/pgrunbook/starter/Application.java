package pgrunbook.starter;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds the services that use the database, those that a restore has to stop. */
final class Application {
  private Application() {}

  /**
   * The names of the services that depend on PostgreSQL's, or name it in their variables, and those
   * of its poolers; without jobs that end by themselves and services that only start when asked
   * for. What merely depends on those, such as a proxy, may go on and show that it is maintenance.
   */
  static List<String> of(ComposeModel model, Service postgres) {
    var users = new LinkedHashSet<String>();
    var hosts = new ArrayList<>(List.of(postgres));
    while (!hosts.isEmpty()) {
      var host = hosts.removeFirst();
      for (var service : model.services().values()) {
        if (uses(service, host) && !service.equals(postgres) && users.add(service.name())) {
          if (PostgresService.isPooler(service)) {
            hosts.add(service);
          }
        }
      }
    }
    var jobs = jobs(model);
    return model.services().values().stream()
        .filter(it -> users.contains(it.name()))
        .filter(it -> !jobs.contains(it.name()) && it.profiles().isEmpty())
        .map(Service::name)
        .toList();
  }

  private static boolean uses(Service service, Service host) {
    var name = Pattern.compile("(^|.*[@/,=])" + Pattern.quote(host.name()) + "($|[:/,?].*)");
    return service.dependsOn().containsKey(host.name())
        || service.environment().values().stream()
            .anyMatch(it -> it.filter(text -> name.matcher(text).matches()).isPresent());
  }

  private static Set<String> jobs(ComposeModel model) {
    var jobs = new LinkedHashSet<String>();
    for (var service : model.services().values()) {
      service
          .dependsOn()
          .forEach((name, condition) -> {
            if (condition.equals("service_completed_successfully")) {
              jobs.add(name);
            }
          });
    }
    return jobs;
  }
}
