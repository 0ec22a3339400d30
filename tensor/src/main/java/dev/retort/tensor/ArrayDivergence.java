package dev.retort.tensor;

/// A divergence written as loops over a block of outcomes, for rows too wide for one pass over
/// memory per operator.
@FunctionalInterface
public interface ArrayDivergence {

  /// Fills [OutcomeBlock#terms] and [OutcomeBlock#weighted] from the rest of `block`. A loop must
  /// have no branches and one index for all arrays, or it will not become vector instructions.
  void compare(OutcomeBlock block);
}
