package pgrunbook.service;

import java.util.List;

/**
 * The commands of one service, each a program and its arguments.
 *
 * @param check exit code 0: it runs, 3: it is stopped, anything else: unknown
 */
public record Commands(List<String> stop, List<String> start, List<String> check) {
  public Commands {
    stop = List.copyOf(stop);
    start = List.copyOf(start);
    check = List.copyOf(check);
  }
}
