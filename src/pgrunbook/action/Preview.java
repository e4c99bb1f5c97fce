package pgrunbook.action;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import pgrunbook.text.Problem;

/**
 * What a step would do, as far as it can be known before a run.
 *
 * @param commands exact commands and SQL, with secrets masked
 * @param needs what must hold when the step starts
 * @param leaves what holds when it is done
 * @param problems why it can't or must not be done
 * @param warnings what the operator should know and may accept
 * @param unknown what could not be checked, and why
 * @param headlines what the operator must read before anything else
 * @param foreseen outputs that are already certain; the run must yield the same
 */
public record Preview(
    Effect effect,
    List<String> commands,
    List<Fact> facts,
    List<Claim> needs,
    List<Claim> leaves,
    List<Problem> problems,
    List<String> warnings,
    List<String> unknown,
    List<String> headlines,
    Map<String, String> foreseen) {
  public Preview {
    commands = List.copyOf(commands);
    facts = List.copyOf(facts);
    needs = List.copyOf(needs);
    leaves = List.copyOf(leaves);
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
    unknown = List.copyOf(unknown);
    headlines = List.copyOf(headlines);
    foreseen = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(foreseen));
  }

  public static Builder of(Effect effect) {
    return new Builder(effect);
  }

  /** Gathers a preview piece by piece. */
  public static final class Builder {
    private final Effect effect;
    private final List<String> commands = new ArrayList<>();
    private final List<Fact> facts = new ArrayList<>();
    private final List<Claim> needs = new ArrayList<>();
    private final List<Claim> leaves = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private final List<String> headlines = new ArrayList<>();
    private final Map<String, String> foreseen = new LinkedHashMap<>();

    private Builder(Effect effect) {
      this.effect = effect;
    }

    public Builder command(String shown) {
      commands.add(shown);
      return this;
    }

    public Builder fact(String name, Object value) {
      facts.add(Fact.of(name, value));
      return this;
    }

    public Builder identity(String name, Object value) {
      facts.add(Fact.identity(name, value));
      return this;
    }

    public Builder needs(Claim claim) {
      needs.add(claim);
      return this;
    }

    public Builder leaves(Claim claim) {
      leaves.add(claim);
      return this;
    }

    public Builder problem(String what, String hint) {
      problems.add(Problem.of(what, hint));
      return this;
    }

    public Builder problem(Problem problem) {
      problems.add(problem);
      return this;
    }

    public Builder warning(String what) {
      warnings.add(what);
      return this;
    }

    public Builder unknown(String what) {
      unknown.add(what);
      return this;
    }

    public Builder headline(String line) {
      headlines.add(line);
      return this;
    }

    public Builder foresees(String output, String value) {
      foreseen.put(output, value);
      return this;
    }

    public Preview build() {
      return new Preview(
          effect, commands, facts, needs, leaves, problems, warnings, unknown, headlines, foreseen);
    }
  }
}
