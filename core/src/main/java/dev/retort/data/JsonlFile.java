package dev.retort.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/// Reads one JSONL file: an object a line, blank lines skipped. Numbers and booleans are taken as
/// they are written. A field that only some objects lack, or that is `null`, counts as empty.
final class JsonlFile {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final Path file;
  private final Columns columns;
  private final List<Row> rows = new ArrayList<>();
  private final List<Finding> problems = new ArrayList<>();
  private final Set<String> names = new LinkedHashSet<>();

  private JsonlFile(Path file, Columns columns) {
    this.file = file;
    this.columns = columns;
  }

  static List<Row> read(Path file, Columns columns) throws IOException {
    return new JsonlFile(file, columns).read();
  }

  private List<Row> read() throws IOException {
    try (TextLines lines = TextLines.open(file)) {
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        Place place = lines.place();
        lines
            .decode(line.get())
            .ifPresentOrElse(
                text -> parse(place, text),
                () -> problems.add(Finding.error(place, TextLines.NOT_UTF8)));
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    if (!rows.isEmpty() && !columns.whole()) {
      columns.in(file, names);
    }
    return rows;
  }

  private void parse(Place place, String line) {
    if (line.isBlank()) {
      return;
    }
    try {
      JsonNode object = MAPPER.readTree(line);
      if (object.isObject()) {
        names.addAll(object.propertyNames());
        rows.add(row(place, object));
      } else {
        problems.add(Finding.error(place, "is no JSON object; write one object a line"));
      }
    } catch (JacksonException e) {
      problems.add(Finding.error(place, broken(e)));
    }
  }

  private static String broken(JacksonException e) {
    return "is no JSON (column %d: %s); write one object a line, unbroken"
        .formatted(e.getLocation().getColumnNr(), e.getOriginalMessage());
  }

  private Row row(Place place, JsonNode object) {
    if (columns.whole()) {
      return new Row(place, object.toString(), Optional.empty(), "", Optional.empty());
    }
    for (Map.Entry<String, String> column : columns.byRole().entrySet()) {
      if (object.path(column.getValue()).isContainer()) {
        problems.add(
            Finding.error(
                place,
                "%s: the field '%s' holds a list or an object; allowed are texts and numbers"
                    .formatted(column.getKey(), column.getValue())));
      }
    }
    return new Row(
        place,
        value(object, columns.text()),
        columns.pair().map(name -> value(object, name)),
        columns.label().map(name -> value(object, name).strip()).orElse(""),
        columns.route().map(name -> value(object, name).strip()),
        columns.more().map(name -> value(object, name)));
  }

  private static String value(JsonNode object, String name) {
    JsonNode value = object.path(name);
    return value.isValueNode() && !value.isNull() ? value.asString() : "";
  }
}
