package pgrunbook.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.List;
import pgrunbook.diagnosis.Diagnosis;
import pgrunbook.diagnosis.Finding;

/** Shows diagnoses, a line for each finding, and what mends it below. */
record DiagnosisText(PrintStream out) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MARGIN = "           ";

  void text(List<Diagnosis> all) {
    for (var diagnosis : all) {
      out.println("environment " + diagnosis.environment());
      for (var section : diagnosis.sections()) {
        out.println("  " + section.title());
        section.findings().forEach(this::line);
      }
      out.println("  " + summary(diagnosis));
      out.println();
    }
  }

  private void line(Finding finding) {
    switch (finding) {
      case Finding.Fine(var what) -> out.println("    ok     " + what);
      case Finding.Trouble(var what, var mend) -> {
        out.println("  TROUBLE  " + what);
        out.println(MARGIN + "mend: " + mend);
      }
      case Finding.CouldNotCheck(var what, var why) ->
          out.println("    ?      could not check: " + what + ": " + why);
    }
  }

  private static String summary(Diagnosis diagnosis) {
    var troubles = diagnosis.troubles();
    var unchecked = diagnosis.unchecked();
    if (troubles == 0 && unchecked == 0) {
      return "all is well";
    }
    return (troubles == 1 ? "1 trouble" : (troubles == 0 ? "no" : troubles) + " troubles")
        + (unchecked == 0 ? "" : ", " + unchecked + " could not be checked");
  }

  void json(List<Diagnosis> all) {
    var root = JSON.createObjectNode();
    var environments = root.putArray("environments");
    for (var diagnosis : all) {
      var environment = environments.addObject();
      environment.put("name", diagnosis.environment());
      environment.put("troubles", diagnosis.troubles());
      environment.put("could_not_check", diagnosis.unchecked());
      var findings = environment.putArray("findings");
      for (var section : diagnosis.sections()) {
        for (var finding : section.findings()) {
          put(findings.addObject().put("about", section.title()), finding);
        }
      }
    }
    out.println(root.toPrettyString());
  }

  private static void put(ObjectNode object, Finding finding) {
    switch (finding) {
      case Finding.Fine(var what) -> object.put("result", "ok").put("what", what);
      case Finding.Trouble(var what, var mend) ->
          object.put("result", "trouble").put("what", what).put("mend", mend);
      case Finding.CouldNotCheck(var what, var why) ->
          object.put("result", "could_not_check").put("what", what).put("why", why);
    }
  }
}
