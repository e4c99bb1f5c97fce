package pgrunbook.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.rehearsal.Migrations.Migration;
import pgrunbook.text.InvalidInput;

class MigrationsTest {
  @TempDir private Path folder;

  @Test
  void the_sample_applications_come_in_order_and_each_can_be_undone() {
    var migrations = Migrations.packed();
    assertThat(migrations).extracting(Migration::version).isSorted().doesNotHaveDuplicates();
    assertThat(migrations).extracting(Migration::description).first().isEqualTo("users");
    assertThat(migrations).allSatisfy(it -> assertThat(it.undo()).isPresent());
  }

  @Test
  void what_is_packed_is_what_the_project_holds() {
    assertThat(Migrations.packed()).isEqualTo(Migrations.in(Path.of("migrations")));
  }

  @Test
  void versions_are_compared_as_numbers() throws IOException {
    write("V10__later.sql");
    write("V9__earlier.sql");
    assertThat(Migrations.in(folder))
        .extracting(Migration::description)
        .containsExactly("earlier", "later");
  }

  @Test
  void a_jar_needs_no_entries_for_its_folders() throws IOException {
    // given
    var jar = folder.resolve("a.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (var name : new String[] {"migrations/V1__one.sql", "other/V2__two.sql"}) {
        out.putNextEntry(new JarEntry(name));
        out.write("SELECT 1".getBytes(StandardCharsets.UTF_8));
      }
    }
    // when
    var migrations = Migrations.inJar(jar);
    // then
    assertThat(migrations).extracting(Migration::description).containsExactly("one");
    assertThat(migrations.getFirst().undo()).isEmpty();
  }

  @Test
  void a_file_with_another_name_is_not_passed_over() throws IOException {
    write("v1_users.sql");
    assertThatExceptionOfType(InvalidInput.class)
        .isThrownBy(() -> Migrations.in(folder))
        .withMessageContaining("'v1_users.sql' is no name of a migration");
  }

  private void write(String name) throws IOException {
    Files.writeString(folder.resolve(name), "SELECT 1");
  }
}
