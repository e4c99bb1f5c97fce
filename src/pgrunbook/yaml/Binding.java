package pgrunbook.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pgrunbook.expression.Expression;
import pgrunbook.expression.Late;
import pgrunbook.expression.Scope;
import pgrunbook.expression.Template;
import pgrunbook.text.Problems;

/** One binding: walks a shape and a tree together. Nothing is returned without a problem. */
final class Binding {
  private final Scope scope;
  private final Problems problems;
  private final Scalars scalars;

  Binding(Scope scope, Problems problems) {
    this.scope = scope;
    this.problems = problems;
    this.scalars = new Scalars(problems);
  }

  <R extends Record> Optional<R> record(YamlNode.Mapping node, Class<R> type) {
    return new RecordBinding(this, problems).record(node, type);
  }

  Optional<Object> value(Shape shape, YamlNode node, String name) {
    if (node instanceof YamlNode.Scalar scalar && scalar.isNull()) {
      var hint = "give it one, remove it, or put it into quotes";
      problems.add(node.place(), "'" + name + "' has no value", hint);
      return Optional.empty();
    }
    return switch (shape) {
      case Shape.Maybe(var inner) -> value(inner, node, name).map(Optional::of);
      case Shape.LateOf(var inner) -> late(inner, node, name).map(l -> l);
      case Shape.ListOf list -> list(list, node, name);
      case Shape.MapOf(var each) -> map(each, shape, node, name);
      case Shape.Nested(var type) -> nested(type, shape, node, name);
      case Shape.Raw(var type) ->
          type.isInstance(node) ? Optional.of(node) : wrong(shape, node, name);
      case Shape.Condition() -> condition(shape, node, name);
      case Shape.Where() -> Optional.of(node.place());
      case Shape.Text _,
          Shape.Bool _,
          Shape.Whole _,
          Shape.Decimal _,
          Shape.Span _,
          Shape.Moment _,
          Shape.Hidden _,
          Shape.Choice _,
          Shape.Any _ ->
          scalar(shape, node, name);
    };
  }

  private Optional<Object> wrong(Shape shape, YamlNode node, String name) {
    return scalars.wrong(shape, name, node.place(), Found.shown(node), Optional.empty());
  }

  private Optional<Object> scalar(Shape shape, YamlNode node, String name) {
    if (!(node instanceof YamlNode.Scalar scalar)) {
      return wrong(shape, node, name);
    }
    return scalar.text().contains("${")
        ? computed(shape, scalar, name)
        : scalars.written(shape, scalar, name);
  }

  private Optional<Late<Object>> evaluated(YamlNode.Scalar scalar) {
    return Template.parse(scalar.text(), scalar.place(), problems).evaluate(scope, problems);
  }

  /** An expression where only a value that is known now will do. */
  private Optional<Object> computed(Shape shape, YamlNode.Scalar scalar, String name) {
    return evaluated(scalar)
        .flatMap(late ->
            switch (late) {
              case Late.Known<Object>(var value) -> scalars.computed(shape, value, scalar, name);
              case Late.Pending<Object> pending -> tooLate(pending, scalar, name);
            });
  }

  private Optional<Object> tooLate(
      Late.Pending<Object> pending, YamlNode.Scalar scalar, String name) {
    var what = "'" + name + "' must be known before the run, and ";
    problems.add(scalar.place(), what + pending.shown() + " is known only in it");
    return Optional.empty();
  }

  private Optional<Late<Object>> late(Shape inner, YamlNode node, String name) {
    if (inner instanceof Shape.ListOf(var item) && node instanceof YamlNode.Sequence sequence) {
      return items(new Shape.LateOf(item), sequence, name).map(LateList::of);
    }
    if (node instanceof YamlNode.Scalar scalar && scalar.text().contains("${")) {
      return evaluated(scalar)
          .flatMap(late ->
              switch (late) {
                case Late.Known<Object>(var value) ->
                    scalars.computed(inner, value, scalar, name).map(Late::known);
                case Late.Pending<Object> pending -> Optional.of(pending);
              });
    }
    return value(inner, node, name).map(Late::known);
  }

  private Optional<Object> list(Shape.ListOf shape, YamlNode node, String name) {
    return switch (node) {
      case YamlNode.Sequence sequence -> items(shape.item(), sequence, name).map(l -> l);
      case YamlNode.Scalar scalar when scalar.text().contains("${") ->
          computed(shape, scalar, name);
      case YamlNode.Scalar scalar ->
          scalars.wrong(
              shape,
              name,
              node.place(),
              Found.shown(node),
              Optional.of("write [" + scalar.text() + "]"));
      case YamlNode.Mapping _ -> wrong(shape, node, name);
    };
  }

  private Optional<List<Object>> items(Shape shape, YamlNode.Sequence sequence, String name) {
    var items = new ArrayList<>();
    for (var i = 0; i < sequence.items().size(); i++) {
      value(shape, sequence.items().get(i), name + "[" + i + "]").ifPresent(items::add);
    }
    return items.size() == sequence.items().size()
        ? Optional.of(List.copyOf(items))
        : Optional.empty();
  }

  private Optional<Object> map(Shape each, Shape shape, YamlNode node, String name) {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      return wrong(shape, node, name);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (key, entry) -> value(each, entry.value(), key).ifPresent(v -> values.put(key, v)));
    return values.size() == mapping.entries().size()
        ? Optional.of(Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values)))
        : Optional.empty();
  }

  private Optional<Object> nested(
      Class<? extends Record> type, Shape shape, YamlNode node, String name) {
    return node instanceof YamlNode.Mapping mapping
        ? record(mapping, type).map(bound -> bound)
        : wrong(shape, node, name);
  }

  private Optional<Object> condition(Shape shape, YamlNode node, String name) {
    if (!(node instanceof YamlNode.Scalar scalar)) {
      return wrong(shape, node, name);
    }
    var found = new Problems();
    var expression = Expression.parse(scalar.text(), scalar.place(), found);
    problems.addAll(found.list());
    return found.isEmpty() ? Optional.of(expression) : Optional.empty();
  }
}
