package pgrunbook.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import pgrunbook.text.Place;
import pgrunbook.text.Problems;

/** Builds the tree from the parser's events, because SnakeYAML's own tree resolves too much. */
final class Composing {
  private static final int DEEPEST = 50;

  private final String file;
  private final Problems problems;
  private final Lines lines;
  private final ParserImpl parser;

  Composing(String text, Place file, Problems problems) {
    this.file = file.file();
    this.problems = problems;
    this.lines = new Lines(text);
    this.parser = new ParserImpl(new StreamReader(text), new LoaderOptions());
  }

  /** Ends reading where going on makes no sense; the problem is known. */
  private static final class TooDeep extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooDeep() {
      super("too deep", null, false, false);
    }
  }

  Optional<YamlNode> document() {
    try {
      return read();
    } catch (MarkedYAMLException e) {
      var mark = Optional.ofNullable(e.getProblemMark());
      var at = mark.map(this::place).orElse(Place.in(file));
      problems.add(SyntaxProblem.of(e, at, lines));
    } catch (ReaderException e) {
      var shown = String.format("U+%04X", e.getCodePoint());
      problems.add(
          lines.place(file, e.getPosition()),
          "the character " + shown + " is not allowed here",
          "remove it, or write it as an escape in double quotes");
    } catch (YAMLException e) {
      problems.add(Place.in(file), "cannot be read as YAML: " + e.getMessage());
    } catch (TooDeep _) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private Optional<YamlNode> read() {
    Optional<YamlNode> root = Optional.empty();
    var documents = 0;
    while (!parser.checkEvent(Event.ID.StreamEnd)) {
      var event = parser.getEvent();
      if (event instanceof DocumentStartEvent && ++documents == 2) {
        problems.add(
            place(event.getStartMark()),
            "a second document begins here",
            "a file holds one document; remove the '---'");
      } else if (event instanceof NodeEvent node) {
        var read = node(node, 1);
        root = root.or(() -> Optional.of(read));
      }
    }
    if (root.isEmpty() || (root.get() instanceof YamlNode.Scalar scalar && scalar.isNull())) {
      problems.add(Place.in(file), "is empty");
      return Optional.empty();
    }
    return root;
  }

  private YamlNode node(NodeEvent event, int depth) {
    var at = place(event.getStartMark());
    if (depth > DEEPEST) {
      problems.add(at, "more than " + DEEPEST + " levels");
      throw new TooDeep();
    }
    refuseAnchor(event, at);
    return switch (event) {
      case ScalarEvent scalar -> scalar(scalar);
      case MappingStartEvent _ -> mapping(at, depth);
      case SequenceStartEvent _ -> sequence(at, depth);
      default -> new YamlNode.Scalar(at, "*" + event.getAnchor(), true);
    };
  }

  private void refuseAnchor(NodeEvent event, Place at) {
    if (event instanceof AliasEvent) {
      problems.add(
          at,
          "aliases such as '*" + event.getAnchor() + "' are not supported",
          "write the value out, or use ${vars.…}; a text that begins with * needs quotes");
    } else if (event.getAnchor() != null) {
      problems.add(
          at,
          "anchors such as '&" + event.getAnchor() + "' are not supported",
          "write the value out where it is needed, or use ${vars.…}");
    }
    var tag =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag();
          case CollectionStartEvent collection -> collection.getTag();
          default -> null;
        };
    if (tag != null) {
      var shown = tag.replace("tag:yaml.org,2002:", "!!");
      problems.add(at, "tags such as '" + shown + "' are not supported", "remove it");
    }
  }

  private YamlNode.Scalar scalar(ScalarEvent event) {
    var at = place(event.getStartMark());
    if (event.getValue().indexOf('\0') >= 0) {
      problems.add(at, "a text holds a NUL character", "no file, program or database takes one");
    }
    var style = event.getScalarStyle();
    var begins =
        switch (style) {
          case SINGLE_QUOTED, DOUBLE_QUOTED -> new Place(file, at.line(), at.column() + 1);
          case LITERAL, FOLDED, JSON_SCALAR_STYLE -> lines.blockAfter(at);
          case PLAIN -> at;
        };
    return new YamlNode.Scalar(begins, event.getValue(), style == ScalarStyle.PLAIN);
  }

  private YamlNode.Sequence sequence(Place at, int depth) {
    List<YamlNode> items = new ArrayList<>();
    while (parser.getEvent() instanceof NodeEvent item) {
      items.add(node(item, depth + 1));
    }
    return new YamlNode.Sequence(at, items);
  }

  private YamlNode.Mapping mapping(Place at, int depth) {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    while (parser.getEvent() instanceof NodeEvent key) {
      var keyAt = place(key.getStartMark());
      var name = name(node(key, depth + 1), keyAt);
      if (!(parser.getEvent() instanceof NodeEvent following)) {
        throw new IllegalStateException("a key without a value at " + keyAt);
      }
      var value = node(following, depth + 1);
      name.ifPresent(text -> put(entries, text, new YamlNode.Entry(keyAt, value)));
    }
    return new YamlNode.Mapping(at, entries);
  }

  private Optional<String> name(YamlNode key, Place at) {
    if (!(key instanceof YamlNode.Scalar scalar) || scalar.isNull()) {
      problems.add(at, "a key must be a name, found " + Found.shown(key));
      return Optional.empty();
    }
    if (scalar.plain() && scalar.text().equals("<<")) {
      problems.add(at, "merge keys are not supported", "write the keys out where they are needed");
      return Optional.empty();
    }
    return Optional.of(scalar.text());
  }

  private void put(Map<String, YamlNode.Entry> entries, String name, YamlNode.Entry entry) {
    var earlier = entries.putIfAbsent(name, entry);
    if (earlier != null) {
      problems.add(
          entry.key(),
          "'" + name + "' is written twice",
          "the first one is in line " + earlier.key().line());
    }
  }

  private Place place(Mark mark) {
    return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
  }
}
