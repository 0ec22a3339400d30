package dev.retort.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Finds the lines on which the records of a CSV file begin, although records may span lines and
/// blank lines may stand between them.
///
/// @param lines the file, read alongside
/// @param skipsBlank whether a blank line is no record; with a single column it is one
record RecordLines(TextLines lines, boolean skipsBlank) implements AutoCloseable {

  static RecordLines open(Path file, boolean skipsBlank) throws IOException {
    return new RecordLines(TextLines.open(file), skipsBlank);
  }

  /// The line on which the next record begins.
  ///
  /// @param breaks the number of line breaks inside the record
  long next(int breaks) throws IOException {
    Optional<String> line = lines.next();
    while (skipsBlank && line.filter(String::isEmpty).isPresent()) {
      line = lines.next();
    }
    long first = lines.number();
    for (int inside = 0; inside < breaks; inside++) {
      lines.next();
    }
    return first;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
