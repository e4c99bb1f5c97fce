package pgrunbook.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.text.Place;

/** A YAML value that knows where it was written, with nothing interpreted yet. */
public sealed interface YamlNode {
  Place place();

  /**
   * A single value.
   *
   * @param place where its first character is, behind an opening quote
   * @param text as written: <code>010</code>, <code>yes</code> and <code>22:22</code> stay so
   * @param plain without quotes, and so open to being read as a number or boolean
   */
  record Scalar(Place place, String text, boolean plain) implements YamlNode {
    /** Nothing was written, or YAML's word for nothing. */
    public boolean isNull() {
      return plain && (text.isEmpty() || text.equals("~") || text.equals("null"));
    }
  }

  /** Keys with their values, in the order of the file. */
  record Mapping(Place place, Map<String, Entry> entries) implements YamlNode {
    public Mapping {
      entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
    }

    public static Mapping empty(Place place) {
      return new Mapping(place, Map.of());
    }

    public Optional<YamlNode> get(String key) {
      return Optional.ofNullable(entries.get(key)).map(Entry::value);
    }
  }

  /** A list. */
  record Sequence(Place place, List<YamlNode> items) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** A key's place and its value. */
  record Entry(Place key, YamlNode value) {}
}
