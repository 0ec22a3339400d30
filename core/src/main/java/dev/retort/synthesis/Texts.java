package dev.retort.synthesis;

import dev.retort.data.DataRow;
import java.util.List;
import java.util.function.BiFunction;

/// Inquiries about the texts of rows.
final class Texts {

  private Texts() {}

  /// An inquiry about the text of each row; a row without one is dropped.
  ///
  /// @param column with the text
  static List<Inquiry> each(
      List<DataRow> rows, String column, BiFunction<DataRow, String, Inquiry> inquiry) {
    return rows.stream()
        .map(row ->
            row.text(column)
                .map(text -> inquiry.apply(row, text))
                .orElseGet(() -> Inquiry.drop(row, "its column '%s' is empty".formatted(column))))
        .toList();
  }

  /// A part of a request with its heading.
  static String part(String heading, String text) {
    return "### %s\n\n%s".formatted(heading, text.strip());
  }

  /// Parts with an empty line between them, of which blank ones are left out.
  static String parts(String... parts) {
    return String.join("\n\n", List.of(parts).stream().filter(part -> !part.isBlank()).toList());
  }

  /// Whether two texts differ in more than case and white space.
  static boolean differ(String a, String b) {
    return !folded(a).equalsIgnoreCase(folded(b));
  }

  private static String folded(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }
}
