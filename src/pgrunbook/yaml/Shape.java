package pgrunbook.yaml;

/** What a record's component can hold; the one list that binding, JSON and schemas share. */
sealed interface Shape {
  record Text() implements Shape {}

  record Bool() implements Shape {}

  record Whole(boolean isLong) implements Shape {}

  record Decimal() implements Shape {}

  record Span() implements Shape {}

  record Moment() implements Shape {}

  record Hidden() implements Shape {}

  record Choice(Class<? extends Enum<?>> type) implements Shape {}

  /** Any single value. */
  record Any() implements Shape {}

  record ListOf(Shape item) implements Shape {}

  record MapOf(Shape value) implements Shape {}

  record Maybe(Shape inner) implements Shape {}

  record LateOf(Shape inner) implements Shape {}

  record Nested(Class<? extends Record> type) implements Shape {}

  /** YAML as it is, for somebody else to interpret. */
  record Raw(Class<? extends YamlNode> type) implements Shape {}

  record Condition() implements Shape {}

  /** Where the record was written; filled in, never written. */
  record Where() implements Shape {}
}
