package pgrunbook.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * An array as PostgreSQL writes it, <code>{1,NULL,"a b"}</code>, to be written as JSON.
 *
 * @see <a href="https://www.postgresql.org/docs/17/arrays.html#ARRAYS-IO">Array Input and
 *     Output</a>
 */
final class PostgresArray {
  /** Writes an element. */
  @FunctionalInterface
  interface Element {
    void write(String text) throws IOException;
  }

  private final String text;
  private final Element element;
  private int at;

  PostgresArray(String text, Element element) {
    this.text = text;
    this.element = element;
    this.at = Math.max(0, text.indexOf('{')); // behind bounds such as [0:1]=
  }

  void write(JsonGenerator json) throws IOException {
    at++;
    json.writeStartArray();
    while (text.charAt(at) != '}') {
      switch (text.charAt(at)) {
        case ',' -> at++;
        case '{' -> write(json);
        case '"' -> element.write(quoted());
        default -> bare(json);
      }
    }
    at++;
    json.writeEndArray();
  }

  private void bare(JsonGenerator json) throws IOException {
    var start = at;
    while (text.charAt(at) != ',' && text.charAt(at) != '}') {
      at++;
    }
    var value = text.substring(start, at);
    if (value.equals("NULL")) {
      json.writeNull();
    } else {
      element.write(value);
    }
  }

  private String quoted() {
    var value = new StringBuilder();
    for (at++; text.charAt(at) != '"'; at++) {
      if (text.charAt(at) == '\\') {
        at++;
      }
      value.append(text.charAt(at));
    }
    at++;
    return value.toString();
  }
}
