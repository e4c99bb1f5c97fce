package pgrunbook.actions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pgrunbook.action.Preview;
import pgrunbook.action.StepFailed;
import pgrunbook.expression.Late;
import pgrunbook.text.Problem;

class RightsTest {
  private final PostgresRecreate recreate = new PostgresRecreate();
  private final PostgresRecreate.Input keeping = new PostgresRecreate.Input(true, Optional.empty());
  private Exchange exchange;
  private String database;
  private OrdinaryRole role;

  @BeforeEach
  void a_database_of_a_role_that_is_no_superuser(@TempDir Path folder) throws Exception {
    exchange = new Exchange(folder);
    database = exchange.database;
    role = OrdinaryRole.owning(database, exchange.world);
    OrdinaryRole.sql("GRANT pg_read_all_data TO " + role.name); // its tables are the superuser's
  }

  @AfterEach
  void close() {
    role.close();
    exchange.close();
  }

  private Preview recreating() {
    return recreate.preview(keeping, role.act("recreate"));
  }

  private Preview publishing() {
    var in = new PostgresPublish.Input(Late.known(database + "_x"), Optional.of("a test"));
    return new PostgresPublish().preview(in, role.act("publish"));
  }

  private Preview creating() {
    return new PostgresCreate().preview(new PostgresCreate.Input(), role.act("create"));
  }

  private Preview backingUp(String yaml) {
    var action = new PostgresBackup();
    return action.preview(exchange.world.input(action, yaml), role.act("backup"));
  }

  private static List<String> shown(Preview preview) {
    return preview.problems().stream().map(Problem::toString).toList();
  }

  private Connection connect(String user) throws SQLException {
    var url = "jdbc:postgresql://127.0.0.1:" + exchange.world.server().port() + "/" + database;
    return DriverManager.getConnection(url + "?user=" + user);
  }

  @Test
  void the_owner_of_a_database_may_replace_it() {
    assertThat(shown(recreating())).isEmpty();
    assertThat(shown(publishing())).isEmpty();
    assertThat(shown(creating())).isEmpty();
    assertThat(shown(backingUp("{}"))).isEmpty();
    // but not back up what is not its own, where nobody lets it
    OrdinaryRole.sql("REVOKE pg_read_all_data FROM " + role.name);
    assertThat(shown(backingUp("{}"))).singleElement().asString().contains("may not read public.");
  }

  @Test
  void a_session_of_a_superuser_is_a_problem_of_the_plan() throws Exception {
    try (var session = exchange.world.server().connect(database)) {
      // given
      session.setClientInfo("ApplicationName", "exporter");
      // then
      for (var preview : List.of(recreating(), publishing())) {
        assertThat(shown(preview))
            .singleElement()
            .asString()
            .contains("may not end the session of pid", "exporter", "end it yourself as one");
      }
      assertThat(shown(creating())).isEmpty();
    }
  }

  @Test
  void a_session_of_a_role_that_it_is_no_member_of_is_a_problem_until_that_is_granted()
      throws Exception {
    // given
    var other = role.another();
    OrdinaryRole.sql("GRANT CONNECT ON DATABASE " + database + " TO " + other);
    try (var session = connect(other)) {
      assertThat(session.isValid(1)).isTrue();
      // then
      assertThat(shown(recreating()))
          .singleElement()
          .asString()
          .contains("user " + other, "GRANT pg_signal_backend TO \"" + role.name + "\"");
      // when
      OrdinaryRole.sql("GRANT pg_signal_backend TO " + role.name);
      // then
      assertThat(shown(recreating())).isEmpty();
    }
  }

  @Test
  void a_setting_of_another_role_in_the_database_is_a_problem_and_its_own_is_none() {
    // given
    var other = role.another();
    var in = " IN DATABASE " + database + " SET work_mem = '7MB'";
    OrdinaryRole.sql("ALTER ROLE " + role.name + in);
    assertThat(shown(recreating())).isEmpty();
    OrdinaryRole.sql("ALTER ROLE " + other + in);
    // then
    for (var preview : List.of(recreating(), creating())) {
      assertThat(shown(preview))
          .singleElement()
          .asString()
          .contains(
              "the setting work_mem that role " + other + " has in " + database,
              "ALTER ROLE \"%s\" IN DATABASE \"%s\" RESET work_mem".formatted(other, database));
    }
  }

  @Test
  void a_setting_that_only_a_superuser_may_make_is_a_problem_until_it_is_granted() {
    // given
    OrdinaryRole.sql("ALTER DATABASE " + database + " SET log_min_messages = 'error'");
    OrdinaryRole.sql("ALTER DATABASE " + database + " SET shop.tenant = 'x'");
    // then
    assertThat(shown(creating())).hasSize(2).allMatch(it -> it.contains("only a superuser may"));
    assumeThat(exchange.world.cluster().server().major()).isGreaterThanOrEqualTo(15);
    // when
    OrdinaryRole.sql("GRANT SET ON PARAMETER log_min_messages TO " + role.name);
    OrdinaryRole.sql("GRANT SET ON PARAMETER shop.tenant TO " + role.name);
    // then
    assertThat(shown(creating())).isEmpty();
  }

  @Test
  void the_database_of_somebody_else_is_a_problem_unless_the_role_is_a_member() {
    // given
    var other = role.another();
    OrdinaryRole.sql("ALTER DATABASE " + database + " OWNER TO " + other);
    // then
    assertThat(shown(recreating()))
        .singleElement()
        .asString()
        .contains("neither the owner of " + database, "GRANT \"" + other + "\" TO");
    // when
    OrdinaryRole.sql("GRANT " + other + " TO " + role.name);
    // then
    assertThat(shown(recreating())).isEmpty();
  }

  @Test
  void a_connection_limit_too_low_for_a_backup_or_a_restore_is_a_problem() throws Exception {
    // given
    OrdinaryRole.sql("ALTER DATABASE " + database + " CONNECTION LIMIT 3");
    // then
    assertThat(shown(backingUp("{}"))).isEmpty();
    assertThat(shown(backingUp("{format: directory, jobs: 2}")))
        .singleElement()
        .asString()
        .contains("a backup takes 4 connections", "CONNECTION LIMIT of " + database + " is 3");
    var backup = Sample.backup(exchange.world, "{}").file();
    var restore = new PostgresRestore();
    var yaml = "{backup: %s, database: x, jobs: %d}";
    var three = exchange.world.input(restore, yaml.formatted(backup, 3));
    var one = exchange.world.input(restore, yaml.formatted(backup, 1));
    assertThat(shown(restore.preview(three, role.act("restore"))))
        .singleElement()
        .asString()
        .contains("restoring takes 4 connections");
    assertThat(shown(restore.preview(one, role.act("restore")))).isEmpty();
    assertThat(shown(restore.preview(three, exchange.world.planning("restore")))).isEmpty();
  }

  @Test
  void a_database_that_lets_nobody_in_can_not_be_backed_up() {
    // given
    OrdinaryRole.sql("ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
    // then
    assertThat(shown(backingUp("{}")))
        .singleElement()
        .asString()
        .contains(database + " accepts no connections", "ALLOW_CONNECTIONS true");
  }

  @Test
  void a_statement_that_the_server_refuses_is_named() throws Exception {
    // given
    var other = role.another();
    OrdinaryRole.sql("ALTER ROLE " + other + " IN DATABASE " + database + " SET work_mem = '7MB'");
    var intent = recreate.intend(keeping, Optional.empty(), role.act("recreate"));
    // when, then
    assertThatThrownBy(() -> recreate.run(keeping, intent, role.act("recreate")))
        .isInstanceOf(StepFailed.class)
        .hasMessageContaining("ALTER ROLE \"" + other + "\" IN DATABASE")
        .hasMessageContaining("failed in database 'postgres': ");
    assertThat(exchange.named(database).orElseThrow().allowConnections()).isTrue();
  }
}
