package pgrunbook.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A fingerprint as JSON. */
final class FingerprintJson {
  private FingerprintJson() {}

  static ObjectNode write(Fingerprint fingerprint) {
    var json = Json.NODES.objectNode();
    fingerprint.schemaHash().ifPresent(hash -> json.put("schema", hash));
    list(
        json,
        "tables",
        fingerprint.tables(),
        (node, sum) -> node.put("rows", sum.rows()).put("content", sum.content()));
    list(
        json,
        "sequences",
        fingerprint.sequences(),
        (node, state) ->
            node.put("last_value", state.lastValue()).put("is_called", state.called()));
    json.set("extensions", Json.texts(fingerprint.extensions()));
    json.putObject("large_objects")
        .put("count", fingerprint.largeObjects().count())
        .put("bytes", fingerprint.largeObjects().bytes())
        .put("content", fingerprint.largeObjects().content());
    list(
        json,
        "materialised_views",
        fingerprint.materialisedViews(),
        (node, rows) -> node.put("rows", rows));
    return json;
  }

  private static <V> void list(
      ObjectNode json, String name, Map<TableName, V> all, BiConsumer<ObjectNode, V> write) {
    var list = json.putArray(name);
    all.forEach((table, value) ->
        write.accept(
            list.addObject().put("schema", table.schema()).put("name", table.name()), value));
  }

  static Fingerprint read(JsonNode json) {
    var objects = Json.object(json, "large_objects");
    return new Fingerprint(
        json.has("schema") ? Optional.of(Json.text(json, "schema")) : Optional.empty(),
        map(
            json,
            "tables",
            node -> new TableSum(Json.number(node, "rows"), Json.text(node, "content"))),
        map(
            json,
            "sequences",
            node ->
                new SequenceState(Json.number(node, "last_value"), Json.bool(node, "is_called"))),
        Json.texts(json, "extensions"),
        new LargeObjects(
            Json.number(objects, "count"),
            Json.number(objects, "bytes"),
            Json.text(objects, "content")),
        map(json, "materialised_views", node -> Json.number(node, "rows")));
  }

  private static <V> SortedMap<TableName, V> map(
      JsonNode json, String name, Function<JsonNode, V> read) {
    var all = new TreeMap<TableName, V>();
    for (var node : Json.array(json, name)) {
      var table = new TableName(Json.text(node, "schema"), Json.text(node, "name"));
      all.put(table, read.apply(node));
    }
    return all;
  }
}
