package pgrunbook.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import pgrunbook.action.Claim;
import pgrunbook.action.Effect;
import pgrunbook.action.Preview;
import pgrunbook.text.Place;

class RulesTest {
  private static final Place PLACE = new Place("r.yaml", 3, 5);

  private static Preview needing(Claim claim) {
    return Preview.of(Effect.DESTRUCTIVE).needs(claim).build();
  }

  private static Preview leaving(Claim... claims) {
    var preview = Preview.of(Effect.MUTATING);
    List.of(claims).forEach(preview::leaves);
    return preview.build();
  }

  @Test
  void nothing_is_destroyed_without_a_way_back() {
    // when
    var missing = Rules.missing("recreate", PLACE, needing(new Claim.WayBack("app")), List.of());
    // then
    assertThat(missing).singleElement().asString().contains("r.yaml:3:5", "a way back for app");
  }

  @Test
  void a_safety_backup_of_the_same_database_is_a_way_back() {
    var held = List.<Claim>of(new Claim.SafetyBackup("app", "‹steps.b.file›"));
    assertThat(Rules.missing("r", PLACE, needing(new Claim.WayBack("app")), held)).isEmpty();
    assertThat(Rules.missing("r", PLACE, needing(new Claim.WayBack("other")), held)).hasSize(1);
  }

  @Test
  void a_database_that_was_filled_is_not_empty_any_more() {
    // given
    var empty = Rules.after(List.of(), leaving(new Claim.DatabaseEmpty("x")));
    // when
    var filled = Rules.after(empty, leaving(new Claim.Restored("x")));
    // then
    assertThat(filled).containsExactly(new Claim.Restored("x"));
    assertThat(Rules.missing("again", PLACE, needing(new Claim.DatabaseEmpty("x")), filled))
        .hasSize(1);
  }

  @Test
  void a_second_restore_makes_the_verification_void() {
    // given
    var verified = List.<Claim>of(new Claim.Restored("x"), new Claim.ContentVerified("x"));
    // when
    var after = Rules.after(verified, leaving(new Claim.Restored("x")));
    // then
    assertThat(after).doesNotContain(new Claim.ContentVerified("x"));
  }

  @Test
  void what_was_given_back_is_not_owed() {
    // given
    var owed = Rules.after(List.of(), leaving(new Claim.Owes("maintenance", "it is on")));
    assertThat(Rules.owed(owed)).hasSize(1);
    // when
    var paid = Rules.after(owed, leaving(new Claim.Pays("maintenance")));
    // then
    assertThat(Rules.owed(paid)).isEmpty();
    assertThat(paid).isEmpty();
  }

  @Test
  void a_backup_is_known_by_its_name_whatever_its_digest_is_by_then() {
    var held = List.<Claim>of(new Claim.BackupVerified("b.dump", "abc"));
    assertThat(Rules.missing("r", PLACE, needing(new Claim.BackupVerified("b.dump", "")), held))
        .isEmpty();
    assertThat(Rules.missing("r", PLACE, needing(new Claim.BackupVerified("c.dump", "")), held))
        .hasSize(1);
  }
}
