package pgrunbook.service;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import pgrunbook.process.Deadline;

/** Services of two kinds; where both have one of a name, the first kind's is meant. */
public record JoinedServices(Services first, Services second) implements Services {
  @Override
  public List<String> names() {
    return Stream.concat(first.names().stream(), second.names().stream()).distinct().toList();
  }

  @Override
  public ServiceState state(String service) {
    return of(service).state(service);
  }

  @Override
  public String detail(String service) {
    return of(service).detail(service);
  }

  @Override
  public Optional<String> at(String address) {
    return second.at(address);
  }

  @Override
  public String shown(String service, Verb verb) {
    return of(service).shown(service, verb);
  }

  @Override
  public boolean simulated() {
    return false;
  }

  @Override
  public void start(String service, Deadline deadline) throws ServiceFailed, InterruptedException {
    of(service).start(service, deadline);
  }

  @Override
  public void stop(String service, Deadline deadline) throws ServiceFailed, InterruptedException {
    of(service).stop(service, deadline);
  }

  private Services of(String service) {
    return first.names().contains(service) ? first : second;
  }
}
