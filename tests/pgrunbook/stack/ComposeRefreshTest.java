package pgrunbook.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pgrunbook.testing.TestStack;
import pgrunbook.testing.WithDocker;

/**
 * Production's backup into the development project, whose server has none of production's roles and
 * which can't reach production's server: that one does not even run.
 */
@WithDocker
class ComposeRefreshTest {
  private static final String MASK =
      """
      UPDATE users SET email = 'user' || id || '@masked.invalid', name = 'Somebody';
      CREATE TABLE masked AS SELECT clock_timestamp() AS at;
      """;
  private static final String REAL = "SELECT count(*) FROM users WHERE email LIKE '%@example.com'";

  private static TestStack stack;

  @BeforeAll
  static void up() {
    stack = TestStack.dev().up();
    stack.psql(
        """
        CREATE ROLE app_owner; CREATE ROLE app_reader;
        ALTER TABLE users OWNER TO app_owner;
        GRANT SELECT ON users TO app_reader;
        ALTER DEFAULT PRIVILEGES FOR ROLE app_owner GRANT SELECT ON TABLES TO app_reader;
        CREATE POLICY own ON users FOR SELECT TO app_reader USING (id > 10);
        ALTER TABLE users ENABLE ROW LEVEL SECURITY;
        """);
    dump("-Fc", "shop-prod-20260101T000000Z.dump");
    dump("-Fp", "shop-prod-20260102T000000Z.sql");
    stack.psql(
        """
        DROP POLICY own ON users;
        REASSIGN OWNED BY app_owner TO shop;
        DROP OWNED BY app_owner;
        DROP OWNED BY app_reader;
        DROP ROLE app_owner, app_reader;
        """);
    stack.run("run", "backup-dev").exits(0);
    stack.write("mask.sql", MASK);
  }

  private static void dump(String format, String name) {
    stack
        .compose(
            "exec",
            "-T",
            "-e",
            "PGPASSWORD",
            "postgres",
            "pg_dump",
            "-U",
            "shop",
            format,
            "-f",
            "/backups/" + name,
            "shop")
        .ok();
  }

  @AfterAll
  static void down() {
    stack.close();
  }

  private static void developed() {
    stack.psql("UPDATE users SET email = 'dev' || id || '@dev.invalid'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest", "shop-prod-20260101T000000Z.dump"})
  void development_gets_productions_data_masked_before_anybody_finds_it(String backup)
      throws Exception {
    // given
    developed();
    var over = new AtomicBoolean();
    var asked = new AtomicInteger();
    var seen = new AtomicInteger();
    var watching =
        Thread.ofPlatform()
            .start(() -> {
              while (!over.get()) {
                try {
                  seen.addAndGet(Integer.parseInt(stack.psql(REAL)));
                  asked.incrementAndGet();
                } catch (AssertionError | NumberFormatException _) {
                  // for a moment no database has the name
                }
              }
            });
    // when
    var ended =
        stack.run("run", "refresh-dev", "--set", "mask=mask.sql", "--set", "backup=" + backup);
    over.set(true);
    watching.join();
    // then
    ended.exits(0);
    assertThat(ended.out())
        .contains(backup.equals("latest") ? "shop-prod-20260102T000000Z.sql" : backup)
        .contains("is left out: policy own of public.users, for app_reader")
        .contains("holds is not what the backup holds");
    assertThat(asked.get()).isPositive();
    assertThat(seen.get()).isZero();
    assertThat(stack.psql("SELECT count(*) FROM users WHERE email LIKE '%@masked.invalid'"))
        .isEqualTo("1000");
    assertThat(stack.psql("SELECT relowner::regrole FROM pg_class WHERE relname = 'users'"))
        .isEqualTo("shop");
    assertThat(stack.psqlIn("postgres", "SELECT datname FROM pg_database WHERE datname ~ 'shop_'"))
        .isEmpty();
    assertThat(stack.isUp("backend")).isTrue();
  }

  @Test
  void a_run_killed_while_it_masks_masks_once() {
    // given
    developed();
    stack.write("slow.sql", MASK + "SELECT pg_sleep(4);\n");
    // when
    stack
        .cli()
        .start("run", "refresh-dev", "--set", "mask=slow.sql")
        .until(
            "masking",
            () ->
                !stack
                    .psqlIn(
                        "postgres",
                        "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(4%'")
                    .isEmpty())
        .kill();
    stack.run("resume").exits(0);
    // then
    assertThat(stack.psql("SELECT count(*) FROM masked")).isEqualTo("1");
    assertThat(stack.psql(REAL)).isEqualTo("0");
    assertThat(stack.isUp("backend")).isTrue();
  }

  @Test
  void one_table_is_taken_out_of_a_backup_on_a_server_of_the_same_image() throws Exception {
    // when
    stack
        .run(
            "backups",
            "open",
            "shop-prod-20260101T000000Z.dump",
            "--env",
            "dev",
            "--table",
            "documents",
            "--to",
            stack.folder().resolve("documents.csv").toString())
        .exits(0);
    // then
    assertThat(java.nio.file.Files.readAllLines(stack.folder().resolve("documents.csv")))
        .hasSize(201)
        .startsWith("id,owner,title,embedding", "1,5,Document 1,\"[1,1,1]\"");
  }

  @Test
  void backups_are_listed_and_read_without_a_server_of_production() {
    // when
    var listed = stack.run("backups", "--env", "prod", "--verify").exits(0);
    // then
    assertThat(listed.out())
        .contains("shop-prod-20260102T000000Z.sql  <- latest of prod")
        .contains("shop-prod-20260101T000000Z.dump")
        .contains("verified now (no manifest to compare it with)")
        .contains("of other environments");
  }
}
