package pgrunbook.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A column of a result, whose values PostgreSQL gives as text and JSON has other kinds for.
 *
 * @param index from 1
 * @param type as PostgreSQL calls it, an array with an underscore: <code>_int4</code>
 */
record JsonColumn(int index, String name, String type) {
  /** Not NaN, not Infinity. */
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

  void write(@Nullable String text, JsonGenerator json) throws IOException {
    if (text == null) {
      json.writeNull();
    } else if (type.startsWith("_") && !type.equals("_box")) {
      new PostgresArray(text, element -> one(type.substring(1), element, json)).write(json);
    } else {
      one(type, text, json);
    }
  }

  private static void one(String type, String text, JsonGenerator json) throws IOException {
    switch (type) {
      case "bool" -> json.writeBoolean(text.startsWith("t"));
      case "int2",
          "int4",
          "int8",
          "serial",
          "bigserial",
          "smallserial",
          "oid",
          "float4",
          "float8",
          "numeric" -> {
        if (NUMBER.matcher(text).matches()) {
          json.writeNumber(text);
        } else {
          json.writeString(text);
        }
      }
      case "json", "jsonb", "vector", "halfvec" -> json.writeRawValue(text);
      default -> json.writeString(text);
    }
  }
}
