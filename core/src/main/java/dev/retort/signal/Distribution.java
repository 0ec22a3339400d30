package dev.retort.signal;

import dev.retort.tensor.Tensor;

/// What a teacher believes about each of `N` rows; a row is a position that counts: the decision
/// about a text, or a token of a completion.
public sealed interface Distribution {

  /// How many rows there are.
  long rows();

  /// Every logit, before any temperature: what a local teacher gives.
  ///
  /// @param logitsNV `[N, V]`
  record Dense(Tensor logitsNV) implements Distribution {
    @Override
    public long rows() {
      return logitsNV.size(0);
    }
  }

  /// The `K` likeliest entries, and one bucket for the mass of all others: what a stored or remote
  /// teacher gives.
  ///
  /// @param idsNK which entries, `INT64` `[N, K]`
  /// @param logProbsNK their natural log-probabilities, not renormalised, `[N, K]`
  /// @param temperature at which the log-probabilities were taken; the tail cannot be brought to
  ///   another one afterwards
  record TopK(Tensor idsNK, Tensor logProbsNK, double temperature) implements Distribution {
    @Override
    public long rows() {
      return idsNK.size(0);
    }
  }
}
