package dev.retort.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/// Reads one plain text file: a text a line, blank lines skipped. It has a single column, the
/// texts, whatever the recipe calls it; so it cannot hold labels or pairs.
final class TextFile {

  private TextFile() {}

  static List<Row> read(Path file, Columns columns) throws IOException {
    columns.in(file, Set.of(columns.text()));
    List<Row> rows = new ArrayList<>();
    List<Finding> problems = new ArrayList<>();
    try (TextLines lines = TextLines.open(file)) {
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        Place place = lines.place();
        Optional<String> text = lines.decode(line.get());
        if (text.isEmpty()) {
          problems.add(Finding.error(place, TextLines.NOT_UTF8));
        }
        text.filter(found -> !found.isBlank())
            .ifPresent(found ->
                rows.add(
                    new Row(
                        place,
                        columns.whole() ? object(columns.text(), found) : found,
                        Optional.empty(),
                        "",
                        Optional.empty())));
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    return rows;
  }

  private static String object(String column, String text) {
    return JsonMapper.shared().createObjectNode().put(column, text).toString();
  }
}
