package pgrunbook.runbook;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.text.Place;
import pgrunbook.yaml.Default;
import pgrunbook.yaml.Doc;
import pgrunbook.yaml.YamlNode;

/** What a runbook's YAML file says. */
record RunbookFile(
    @Doc("name of the runbook, the same as the file's") String name,
    @Doc("what it is for, in one sentence") @Default("''") String description,
    @Doc("environment that it acts on, where no other one is asked for")
        Optional<String> environment,
    @Doc("what whoever starts it may say, as ${params.…}") @Default("{}") Map<String, Param> params,
    @Doc("values with a name, as ${vars.…}") @Default("{}") Map<String, YamlNode> vars,
    @Doc("what must hold before anything is done") @Default("[]") List<Precondition> preconditions,
    @Doc("what is done, in this order") List<Step> steps,
    Place place) {

  Runbook runbook(String source) {
    return new Runbook(
        name, description, environment, params, vars, preconditions, steps, place, source);
  }
}
