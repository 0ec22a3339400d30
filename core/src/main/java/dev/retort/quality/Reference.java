package dev.retort.quality;

import dev.retort.data.DataException;
import dev.retort.data.DataRow;
import dev.retort.data.Finding;
import dev.retort.data.Finding.Severity;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A text that rows are compared with.
///
/// @param origin where it comes from
/// @param text what it says
record Reference(String origin, String text) {

  /// The texts in a column of `files`, or none without files.
  ///
  /// @throws DataException if no row has a text there
  static List<Reference> read(Optional<String> files, String column, FilterContext context)
      throws IOException {
    if (files.isEmpty()) {
      return List.of();
    }
    List<Reference> texts =
        context.rows(files.get()).stream().flatMap(row -> of(row, column).stream()).toList();
    if (texts.isEmpty()) {
      throw new DataException(
          List.of(
              Finding.at(
                  Severity.ERROR,
                  List.of(),
                  "%s: no row has a text in column '%s'; name its column with `againstColumn`"
                      .formatted(files.get(), column))));
    }
    return texts;
  }

  private static Optional<Reference> of(DataRow row, String column) {
    return row.text(column).map(text -> new Reference(row.origin(), text));
  }
}
