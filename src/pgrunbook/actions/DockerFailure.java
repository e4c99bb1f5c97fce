package pgrunbook.actions;

import java.util.Optional;
import java.util.regex.Pattern;
import pgrunbook.action.StepFailed;
import pgrunbook.process.Finished;
import pgrunbook.text.Masking;

/**
 * Tells a failure of docker from one of the program that it was to run in a container. Its words
 * are those of Compose 2.26 on engine 28.2, and of Compose 1; why a program could not be started,
 * docker says on standard output.
 */
final class DockerFailure {
  private static final Pattern NOT_RUNNING =
      Pattern.compile("service \".*\" is not running.*|ERROR: No container found for .*");
  private static final Pattern PAUSED =
      Pattern.compile("Error response from daemon: .* is paused,.*");
  private static final Pattern NOT_STARTED =
      Pattern.compile(
          "(?:OCI runtime exec failed: (?:exec failed: )?"
              + "(?:unable to start container process: )?)"
              + "(?<why>.*?)(?:: unknown)?");

  /** Of the shell that starts the program in there. */
  private static final Pattern NO_PROGRAM =
      Pattern.compile(
          "sh: (?:line )?(?:\\d+: )?(?:exec: )?(?<program>.+): "
              + "(?<why>not found|[Pp]ermission denied|[Nn]o such file or directory)");

  private static final Pattern NO_USER = Pattern.compile("unable to find user .*");
  private static final Pattern NO_DOCKER =
      Pattern.compile(
          "(Cannot connect to the Docker daemon|Error response from daemon:|error during connect"
              + "|permission denied while trying to connect to).*");

  /** The exit code of docker for errors of its own. */
  private static final int DOCKERS_OWN = 125;

  private DockerFailure() {}

  /**
   * Docker's failure in clear words; it is one even where the program was expected to end so.
   *
   * @param who the program, and where it was to run
   * @param lastLine of standard output
   */
  static Optional<StepFailed> of(
      String who, String service, Finished finished, String lastLine, Masking masking) {
    if (finished.exit() == 0) {
      return Optional.empty();
    }
    var error = finished.errorTail().isEmpty() ? "" : finished.errorTail().getLast().strip();
    return said(who, service, error)
        .or(() -> said(who, service, lastLine.strip()))
        .or(() -> ownExit(who, finished))
        .map(failed ->
            failed.certain()
                ? new StepFailed(masking.mask(failed.what()), failed.hint())
                : StepFailed.uncertain(masking.mask(failed.what()), failed.hint()));
  }

  /**
   * What to say.
   *
   * @param certain whether the program was surely not started
   */
  private record Said(String what, String hint, boolean certain) {
    Said(String what, String hint) {
      this(what, hint, true);
    }
  }

  private static Optional<Said> said(String who, String service, String line) {
    if (NOT_RUNNING.matcher(line).matches()) {
      return Optional.of(
          new Said(
              "service " + service + " is not running, so " + who + " was not started",
              "start it in a step before this one: service.start or compose.up"));
    }
    if (PAUSED.matcher(line).matches()) {
      return Optional.of(
          new Said(
              "service " + service + " is paused, so " + who + " was not started",
              "docker compose unpause " + service));
    }
    var notStarted = NOT_STARTED.matcher(line);
    if (notStarted.matches()) {
      return Optional.of(notStarted(who, notStarted.group("why")));
    }
    var noProgram = NO_PROGRAM.matcher(line);
    if (noProgram.matches() && who.startsWith("'" + noProgram.group("program") + "'")) {
      return Optional.of(notStarted(who, noProgram.group("why")));
    }
    if (NO_USER.matcher(line).matches()) {
      return Optional.of(notStarted(who, line));
    }
    return NO_DOCKER.matcher(line).matches()
        ? Optional.of(
            new Said(
                "docker could not run " + who + ", or lost it: " + line,
                "does the Docker daemon run, and may this user use it?",
                false))
        : Optional.empty();
  }

  private static Said notStarted(String who, String why) {
    return new Said(
        who + " could not be started: " + why,
        "program, user and folder have to be there in the service's image");
  }

  private static Optional<Said> ownExit(String who, Finished finished) {
    return finished.exit() == DOCKERS_OWN
        ? Optional.of(
            new Said(
                "docker could not run " + who + ": " + finished.why(),
                "the step's log has all of its output"))
        : Optional.empty();
  }
}
