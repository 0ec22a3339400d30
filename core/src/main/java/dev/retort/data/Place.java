package dev.retort.data;

import java.nio.file.Path;

/// Where a piece of data was found.
///
/// @param file the file, as it was opened
/// @param line from 1: the line of a text file on which the record begins, header and blank lines
///   counted; the row of a Parquet file; 0 for the file as a whole
public record Place(Path file, long line) {
  public Place {
    if (line < 0) {
      throw new IllegalArgumentException("line is " + line + "; lines count from 1, 0 is the file");
    }
  }

  /// The file as a whole.
  public static Place of(Path file) {
    return new Place(file, 0);
  }

  /// `train.csv:12`, or `train.csv` for the whole file.
  @Override
  public String toString() {
    return line == 0 ? file.toString() : file + ":" + line;
  }
}
