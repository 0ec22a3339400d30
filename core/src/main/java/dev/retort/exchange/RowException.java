package dev.retort.exchange;

import tools.jackson.databind.JsonNode;

/// A row that cannot be taken; its message is the reason.
final class RowException extends RuntimeException {

  private static final long serialVersionUID = 1;
  private static final int SHOWN = 60;

  RowException(String reason) {
    super(reason);
  }

  /// A field that is not what it must be.
  static RowException wrong(String field, String expected, JsonNode found) {
    if (found.isMissingNode()) {
      return new RowException("%s is missing; it must be %s".formatted(field, expected));
    }
    String text = found.toString();
    String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    return new RowException("%s must be %s, but is %s".formatted(field, expected, shown));
  }

  /// The text in a field.
  static String text(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (!value.isString()) {
      throw wrong(field, "a text", value);
    }
    return value.stringValue();
  }
}
