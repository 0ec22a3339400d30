package dev.retort.chat.jinja;

import dev.retort.chat.jinja.Value.Dict;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Python's `json.dumps`, as transformers' `tojson` calls it: nothing is escaped for HTML.
///
/// @param ascii whether characters beyond ASCII are escaped
/// @param indent what each level is indented by; if empty, all is on one line
record Json(
    boolean ascii,
    Optional<String> indent,
    String itemSeparator,
    String keySeparator,
    boolean sortKeys) {

  String write(Value value) {
    StringBuilder json = new StringBuilder();
    write(json, value, "\n");
    return json.toString();
  }

  private void write(StringBuilder json, Value value, String newline) {
    switch (value) {
      case Value.None _ -> json.append("null");
      case Value.Bool(boolean truth) -> json.append(truth);
      case Value.Int(BigInteger number) -> json.append(number);
      case Value.Real(double number) -> json.append(real(number));
      case Value.Text(String text) -> quote(json, text);
      case SafeText(String text) -> quote(json, text);
      case Value.Sequence(List<Value> items) -> list(json, items, newline);
      case Value.Tuple(List<Value> items) -> list(json, items, newline);
      case Dict dict -> dict(json, dict, newline);
      default ->
          throw Failure.evaluation("Object of type %s is not JSON serializable", Types.name(value));
    }
  }

  private void list(StringBuilder json, List<Value> items, String newline) {
    json.append('[');
    String inner = newline + indent.orElse("");
    for (int i = 0; i < items.size(); i++) {
      separate(json, i, inner);
      write(json, items.get(i), inner);
    }
    close(json, items, newline).append(']');
  }

  private void dict(StringBuilder json, Dict dict, String newline) {
    json.append('{');
    String inner = newline + indent.orElse("");
    int written = 0;
    for (Map.Entry<Value, Value> entry : entries(dict)) {
      separate(json, written++, inner);
      quote(json, key(entry.getKey()));
      json.append(keySeparator);
      write(json, entry.getValue(), inner);
    }
    close(json, dict.entries().keySet(), newline).append('}');
  }

  private void separate(StringBuilder json, int written, String newline) {
    if (written > 0) {
      json.append(itemSeparator);
    }
    if (indent.isPresent()) {
      json.append(newline);
    }
  }

  private StringBuilder close(StringBuilder json, Collection<Value> items, String newline) {
    return indent.isPresent() && !items.isEmpty() ? json.append(newline) : json;
  }

  private List<Map.Entry<Value, Value>> entries(Dict dict) {
    List<Map.Entry<Value, Value>> entries = new ArrayList<>(dict.entries().entrySet());
    if (sortKeys) {
      entries.sort(Comparator.comparing(Map.Entry::getKey, Order::compare));
    }
    return entries;
  }

  private static String key(Value key) {
    return switch (key) {
      case Value.Text(String text) -> text;
      case SafeText(String text) -> text;
      case Value.None _ -> "null";
      case Value.Bool(boolean truth) -> String.valueOf(truth);
      case Value.Int(BigInteger number) -> number.toString();
      case Value.Real(double number) -> real(number);
      default ->
          throw Failure.evaluation(
              "keys must be str, int, float, bool or None, not %s", Types.name(key));
    };
  }

  private static String real(double number) {
    if (Double.isFinite(number)) {
      return Repr.real(number);
    }
    return Double.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
  }

  private void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      switch (character) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        default -> {
          if (character < ' ' || (ascii && character > '~')) {
            json.append("\\u").append(HexFormat.of().toHexDigits(character));
          } else {
            json.append(character);
          }
        }
      }
    }
    json.append('"');
  }
}
