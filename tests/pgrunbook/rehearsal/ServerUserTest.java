package pgrunbook.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.process.ChildCommand;
import pgrunbook.process.Children;
import pgrunbook.process.Deadline;
import pgrunbook.text.Refused;

/** Whom the server runs as, where this process is root; elsewhere there is nothing to choose. */
class ServerUserTest {
  @TempDir private Path folder;

  @BeforeEach
  void onlyForRoot() throws IOException {
    assumeTrue(Files.getAttribute(folder, "unix:uid").equals(0), "this process is not root");
  }

  @ParameterizedTest
  @ValueSource(strings = {"setpriv", "runuser", "su"})
  void whichever_program_there_is_for_it_changes_the_user(String program) throws Exception {
    // given
    var processes = withOnly("id", program);
    // when
    var user = ServerUser.choose(folder, processes);
    // then
    assertThat(user.way()).first().isEqualTo(program);
    List<String> out = new ArrayList<>();
    var argv = user.argv(List.of("/usr/bin/printf", "%s|", "it's $HOME", "-x", ""));
    var command = ChildCommand.of(argv).in(Path.of("/"));
    processes.run(command, out::add, _ -> {}, Deadline.none());
    assertThat(out).containsExactly("it's $HOME|-x||");
  }

  @Test
  void without_such_a_program_root_is_refused() throws IOException {
    var processes = withOnly("id");
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> ServerUser.choose(folder, processes))
        .withMessageContaining("PostgreSQL does not run as root")
        .withMessageContaining("run this as an ordinary user");
  }

  private Children withOnly(String... programs) throws IOException {
    for (var program : programs) {
      var found =
          List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin").stream()
              .map(bin -> Path.of(bin, program))
              .filter(Files::isExecutable)
              .findFirst();
      assumeTrue(found.isPresent(), "there is no " + program);
      var call = "#!/bin/sh\nexec " + found.orElseThrow() + " \"$@\"\n";
      var file = Files.writeString(folder.resolve(program), call);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return new Children(Map.of("PATH", folder.toString()), Duration.ofSeconds(1));
  }
}
