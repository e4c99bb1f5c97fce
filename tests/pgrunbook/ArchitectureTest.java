package pgrunbook;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may use whom. A package that is not in {@link #LAYERS} yet has to be given a place there. */
class ArchitectureTest {
  /** From top to bottom: a package uses those of the rows below its own. */
  private static final List<Set<String>> LAYERS =
      List.of(
          Set.of("cli"),
          Set.of("rehearsal", "diagnosis", "starter"),
          Set.of("report"),
          Set.of("engine"),
          Set.of("lint"),
          Set.of("plan"),
          Set.of("actions"),
          Set.of("action"),
          Set.of("backup", "migration", "difference"),
          Set.of("postgres", "service", "compose"),
          Set.of("process"),
          Set.of("journal"),
          Set.of("runbook", "environment"),
          Set.of("yaml", "expression", "sql"),
          Set.of("text"));

  /** What a package may not use although it lies below. */
  private static final Map<String, Set<String>> FORBIDDEN =
      Map.of(
          "report", Set.of("engine", "actions"),
          "engine", Set.of("lint", "actions"),
          "plan", Set.of("actions", "process", "journal"),
          "lint", Set.of("actions", "process", "journal"),
          "actions", Set.of("journal"),
          "journal", Set.of("runbook", "environment", "yaml", "expression"));

  /** Packages of one row that may use each other in this direction. */
  private static final Map<String, Set<String>> SIDEWAYS =
      Map.of(
          "runbook",
          Set.of("environment"),
          "yaml",
          Set.of("expression"),
          "compose",
          Set.of("postgres", "service"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages("pgrunbook");

  @Test
  void every_package_has_its_layer() throws IOException {
    try (var folders = Files.list(Path.of("src/pgrunbook"))) {
      assertThat(folders.filter(Files::isDirectory).map(folder -> folder.getFileName().toString()))
          .isSubsetOf(packages().toList());
    }
    assertThat(CLASSES).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void a_package_uses_only_what_it_may(String user) {
    noClasses()
        .that()
        .resideInAPackage("pgrunbook." + user + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(patterns(packages().filter(used -> !mayUse(user, used))))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void packages_form_no_circle() {
    checked(slices().matching("pgrunbook.(*)..").should().beFreeOfCycles());
  }

  @Test
  void only_the_command_line_prints() {
    checked(
        noClasses()
            .that()
            .resideOutsideOfPackage("pgrunbook.cli..")
            .should(ACCESS_STANDARD_STREAMS));
  }

  @Test
  void who_plans_reads_no_file_no_database_and_starts_no_process() {
    checked(
        noClasses()
            .that()
            .resideInAnyPackage("pgrunbook.plan..", "pgrunbook.lint..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "java.net..", "java.nio.channels..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Files.class, ProcessBuilder.class, java.time.Clock.class));
  }

  private static void checked(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }

  private static boolean mayUse(String user, String used) {
    if (user.equals(used) || SIDEWAYS.getOrDefault(user, Set.of()).contains(used)) {
      return true;
    }
    return layer(used) > layer(user) && !FORBIDDEN.getOrDefault(user, Set.of()).contains(used);
  }

  private static int layer(String name) {
    for (int i = 0; i < LAYERS.size(); i++) {
      if (LAYERS.get(i).contains(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static String[] patterns(Stream<String> packages) {
    return packages.map(name -> "pgrunbook." + name + "..").toArray(String[]::new);
  }

  private static Stream<String> packages() {
    return LAYERS.stream().flatMap(Set::stream).sorted();
  }
}
