package dev.retort.tensor;

/// Rows that are computed some at a time, because what is computed of all of them would not fit
/// into memory at once.
public final class Chunks {

  private Chunks() {}

  /// Computes some rows.
  @FunctionalInterface
  public interface Visitor {

    /// Computes `count` rows from `first` on.
    void visit(long first, long count);
  }

  /// Shows `visitor` all of `rows` in order, `most` of them at a time, each time in a scope of its
  /// own.
  public static void visit(long rows, long most, Visitor visitor) {
    for (long first = 0; first < rows; first += most) {
      try (Scope _ = Scope.open()) {
        visitor.visit(first, Math.min(most, rows - first));
      }
    }
  }
}
