package pgrunbook.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import pgrunbook.action.Neighbours;
import pgrunbook.compose.ComposeProject;
import pgrunbook.diagnosis.Diagnosis;
import pgrunbook.diagnosis.Doctor;
import pgrunbook.diagnosis.Runs;
import pgrunbook.diagnosis.Wiring;
import pgrunbook.environment.Environment;
import pgrunbook.environment.Environments;
import pgrunbook.text.InvalidInput;
import pgrunbook.text.Problem;
import pgrunbook.text.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** <code>doctor</code>: looks at everything an environment depends on, and changes nothing. */
@Command(
    name = "doctor",
    description = "Find out what is wrong with an environment, and the command that mends it.",
    footer = {
      "",
      "Nothing is changed. Exit code 0: all is well, 1: there is trouble,",
      "4: no trouble was found, but something could not be checked."
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private final ProjectOption project = new ProjectOption();

  @Option(
      names = "--env",
      paramLabel = "NAME",
      description = "environment to look at; default: all of them")
  private Optional<String> environment = Optional.empty();

  @Option(names = "--json", description = "print one JSON document")
  private boolean json = false;

  DoctorCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    var where = project.find(context);
    var runs = new RunsLeft(where);
    var doctor = new Doctor(where.folder(), System.getenv(), wiring(where, runs));
    var names = names(where);
    names.forEach(name -> where.environment(name, new Problems()));
    var found = examined(doctor, names);
    var shown = new DiagnosisText(context.out());
    if (json) {
      shown.json(found);
    } else {
      shown.text(found);
    }
    return exit(found);
  }

  private List<String> names(Project where) {
    var all = Environments.list(where.folder());
    if (environment.isPresent() && !all.contains(environment.get())) {
      throw new InvalidInput(Environments.unknown(environment.get(), all));
    }
    if (all.isEmpty()) {
      throw new InvalidInput(
          Problem.of(
              "there is no environment in runbooks/environments",
              "write one, see docs/environments.md"));
    }
    return environment.map(List::of).orElse(all);
  }

  /** At the same time: where nothing answers, each takes its half minute. */
  private static List<Diagnosis> examined(Doctor doctor, List<String> names) {
    var tasks = names.stream().map(name -> new FutureTask<>(() -> doctor.examine(name))).toList();
    tasks.forEach(task -> Thread.ofPlatform().daemon().name("environment").start(task));
    return tasks.stream().map(DoctorCommand::result).toList();
  }

  private static Diagnosis result(FutureTask<Diagnosis> task) {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException it ? it : new IllegalStateException(e);
    }
  }

  private static int exit(List<Diagnosis> found) {
    if (found.stream().anyMatch(it -> it.troubles() > 0)) {
      return Exit.FAILED;
    }
    return found.stream().anyMatch(it -> it.unchecked() > 0) ? Exit.UNDECIDED : Exit.DONE;
  }

  private static Wiring wiring(Project where, Runs runs) {
    return new Wiring() {
      @Override
      public Road road(Environment environment, Optional<ComposeProject> compose) {
        var reach = Reach.of(environment, compose);
        return new Road(reach.connections(), reach.tools());
      }

      @Override
      public Around around(Environment environment) {
        var around = Site.Around.of(environment, where, Optional.empty());
        return new Around(around.services(), around.maintenance());
      }

      @Override
      public Neighbours neighbours() {
        return new Surroundings(where);
      }

      @Override
      public String called(String words) {
        return Called.by(words);
      }

      @Override
      public Runs runs() {
        return runs;
      }
    };
  }
}
