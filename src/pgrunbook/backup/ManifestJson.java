package pgrunbook.backup;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A manifest as JSON. */
final class ManifestJson {
  private ManifestJson() {}

  static JsonNode parse(byte[] bytes) throws IOException {
    return Json.MAPPER
        .reader()
        .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
        .readTree(bytes);
  }

  static ObjectNode write(Manifest manifest) {
    var json =
        Json.NODES
            .objectNode()
            .put("version", manifest.version())
            .put("created", manifest.created().toString())
            .put("label", manifest.label())
            .put("format", manifest.format().name().toLowerCase(Locale.ROOT))
            .put("pg_dump_version", manifest.dumpVersion())
            .put("pgrunbook_version", manifest.toolVersion());
    manifest.environment().ifPresent(name -> json.put("environment", name));
    var files = json.putArray("files");
    for (var file : manifest.files()) {
      files
          .addObject()
          .put("name", file.name())
          .put("size", file.size())
          .put("sha256", file.sha256());
    }
    json.set("source", write(manifest.source()));
    manifest.fingerprint().ifPresent(f -> json.set("fingerprint", FingerprintJson.write(f)));
    return json;
  }

  private static ObjectNode write(SourceDatabase source) {
    var json =
        Json.NODES
            .objectNode()
            .put("server_version", source.serverVersion())
            .put("system_identifier", source.systemIdentifier())
            .put("database", source.name())
            .put("oid", source.oid())
            .put("size", source.size())
            .put("encoding", source.encoding());
    json.set("locale", Json.texts(source.locale()));
    json.set("roles", Json.texts(source.roles()));
    var properties = json.putArray("properties");
    source.properties().forEach(properties::add);
    json.set("extensions", Json.texts(source.extensions()));
    return json;
  }

  static Manifest read(JsonNode json) {
    var version = Json.number(json, "version");
    if (version != Manifest.CURRENT) {
      throw new Json.Wrong("version " + version + " is not known to this pgrunbook");
    }
    return new Manifest(
        Manifest.CURRENT,
        created(json),
        Json.text(json, "label"),
        json.has("environment") ? Optional.of(Json.text(json, "environment")) : Optional.empty(),
        format(json),
        files(json),
        Json.text(json, "pg_dump_version"),
        Json.text(json, "pgrunbook_version"),
        source(Json.object(json, "source")),
        json.has("fingerprint")
            ? Optional.of(FingerprintJson.read(Json.object(json, "fingerprint")))
            : Optional.empty());
  }

  private static Instant created(JsonNode json) {
    try {
      return Instant.parse(Json.text(json, "created"));
    } catch (DateTimeException e) {
      throw (Json.Wrong) new Json.Wrong("'created' should be a time").initCause(e);
    }
  }

  private static Format format(JsonNode json) {
    var name = Json.text(json, "format");
    return Stream.of(Format.values())
        .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(() -> new Json.Wrong("unknown format '" + name + "'"));
  }

  private static List<BackupFile> files(JsonNode json) {
    var files = new ArrayList<BackupFile>();
    for (var file : Json.array(json, "files")) {
      files.add(
          new BackupFile(
              Json.text(file, "name"), Json.number(file, "size"), Json.text(file, "sha256")));
    }
    if (files.isEmpty()) {
      throw new Json.Wrong("'files' is empty");
    }
    return files;
  }

  private static SourceDatabase source(JsonNode json) {
    var properties = new ArrayList<String>();
    Json.array(json, "properties").forEach(sql -> properties.add(sql.asText()));
    return new SourceDatabase(
        Json.text(json, "server_version"),
        Json.text(json, "system_identifier"),
        Json.text(json, "database"),
        Json.number(json, "oid"),
        Json.number(json, "size"),
        Json.text(json, "encoding"),
        Json.texts(json, "locale"),
        Json.texts(json, "roles"),
        properties,
        Json.texts(json, "extensions"));
  }
}
