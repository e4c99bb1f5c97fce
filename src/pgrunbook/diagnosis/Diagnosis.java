package pgrunbook.diagnosis;

import java.util.List;
import java.util.stream.Stream;
import pgrunbook.diagnosis.Finding.CouldNotCheck;
import pgrunbook.diagnosis.Finding.Trouble;

/** Everything that was found out about one environment. */
public record Diagnosis(String environment, List<Section> sections) {
  public Diagnosis {
    sections = List.copyOf(sections);
  }

  public Stream<Finding> findings() {
    return sections.stream().flatMap(section -> section.findings().stream());
  }

  public long troubles() {
    return findings().filter(Trouble.class::isInstance).count();
  }

  /** How many looks came to nothing. */
  public long unchecked() {
    return findings().filter(CouldNotCheck.class::isInstance).count();
  }
}
