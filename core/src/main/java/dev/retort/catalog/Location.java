package dev.retort.catalog;

/// Where a setting was written.
public sealed interface Location {

  /// A place in a file; line and column count from 1.
  record Mark(int line, int column) implements Location {
    @Override
    public String toString() {
      return "line " + line;
    }
  }

  /// An option of the command line, such as `--set train.epochs=3`.
  record Option(String text) implements Location {
    @Override
    public String toString() {
      return text;
    }
  }

  /// No place a user could look at: the whole file, or a default.
  record Nowhere() implements Location {
    @Override
    public String toString() {
      return "";
    }
  }
}
