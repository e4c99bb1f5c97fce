package pgrunbook.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RolesLeftOutTest {
  private static final String KEPT =
      """
      SET client_encoding = 'UTF8';
      -- Name: users; GRANT ALL ON users TO somebody;
      CREATE TABLE public.users (owner text DEFAULT 'x; GRANT ALL ON x TO y;');
      ALTER TABLE ONLY public.users ADD CONSTRAINT owner CHECK (owner <> 'OWNER TO x');
      CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $a$
      BEGIN
      GRANT SELECT ON users TO x;
      ALTER TABLE users OWNER TO x;
      END $a$;
      COPY public.users (owner) FROM stdin;
      GRANT ALL ON x TO y;
      ALTER TABLE x OWNER TO y;
      \\\\.
      \\.
      COMMENT ON TABLE public.users IS 'REVOKE; x';
      CREATE POLICY everybodys ON public.users USING (true);
      SELECT pg_catalog.setval('public.s', 1, true);
      """;

  private static final String LEFT_OUT =
      """
      ALTER TABLE public.users OWNER TO "o""dd; name";
      ALTER FUNCTION public.f(a integer, b text) OWNER TO x;
      SET SESSION AUTHORIZATION 'x';
      GRANT SELECT(owner) ON TABLE public.users TO x WITH GRANT OPTION;
      RESET SESSION AUTHORIZATION;
      SET default_tablespace = "fast; disks";
      SET default_tablespace = '';
      REVOKE ALL ON SCHEMA public FROM PUBLIC;
      ALTER DEFAULT PRIVILEGES FOR ROLE x GRANT SELECT ON TABLES TO y;
      COMMENT ON EXTENSION vector IS 'vectors; many';
      CREATE POLICY theirs ON public.users FOR SELECT TO x, y USING ((owner = 'a;b'));
      COMMENT ON POLICY theirs ON public.users IS 'x';
      """;

  private static String without(String sql, boolean owner, boolean privileges, int piece)
      throws IOException {
    var bytes = sql.getBytes(StandardCharsets.UTF_8);
    var scanner = new DumpScanner("f");
    scanner.accept(bytes, 0, bytes.length);
    var policies =
        privileges
            ? List.<NamedRoles.Policy>of()
            : scanner.finish().namedRoles().policiesBeyond(Set.of("x"));
    var kept = new ByteArrayOutputStream();
    var out = new RolesLeftOut(kept, owner, privileges, owner, policies);
    for (var at = 0; at < bytes.length; at += piece) {
      out.write(bytes, at, Math.min(piece, bytes.length - at));
    }
    out.finish();
    return kept.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100_000})
  void what_names_roles_goes_and_what_only_looks_so_stays(int piece) throws IOException {
    // given
    var mixed = new StringBuilder();
    LEFT_OUT.lines().forEach(line -> mixed.append(line).append('\n'));
    // when
    var left = without(KEPT + mixed + "SELECT 1;\n", false, false, piece);
    // then
    assertThat(left.replaceAll("\n+", "\n")).isEqualTo(KEPT + "SELECT 1;\n");
  }

  @ParameterizedTest
  @CsvSource({
    "AS RESTRICTIVE, b, true",
    "AS RESTRICTIVE, c, false",
    "AS PERMISSIVE, b, false",
    "'', b, false"
  })
  void without_a_restrictive_policy_only_those_see_more_who_are_there(
      String as, String existing, boolean missed) {
    // given
    var sql = "CREATE POLICY p ON public.t " + as + " FOR SELECT TO a, b USING (true);\n";
    var bytes = sql.getBytes(StandardCharsets.UTF_8);
    var scanner = new DumpScanner("f");
    scanner.accept(bytes, 0, bytes.length);
    // when
    var there = Set.of(existing);
    var policy = scanner.finish().namedRoles().policiesBeyond(there).getFirst();
    // then
    assertThat(policy.isMissedBy(there)).isEqualTo(missed);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100_000})
  void only_what_is_asked_for_goes(int piece) throws IOException {
    assertThat(without(LEFT_OUT, true, true, piece)).isEqualTo(LEFT_OUT);
    assertThat(without(LEFT_OUT, true, false, piece))
        .contains(
            "OWNER TO x", "default_tablespace", "SESSION AUTHORIZATION", "COMMENT ON EXTENSION")
        .doesNotContain("GRANT", "REVOKE", "POLICY");
    assertThat(without(LEFT_OUT, false, true, piece))
        .contains("GRANT SELECT", "REVOKE", "DEFAULT PRIVILEGES", "SESSION AUTHORIZATION", "POLICY")
        .doesNotContain("OWNER TO", "EXTENSION", "tablespace");
  }
}
