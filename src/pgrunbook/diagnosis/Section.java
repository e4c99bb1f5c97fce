package pgrunbook.diagnosis;

import java.util.List;

/** Findings about one thing, such as the backups. */
public record Section(String title, List<Finding> findings) {
  public Section {
    findings = List.copyOf(findings);
  }
}
