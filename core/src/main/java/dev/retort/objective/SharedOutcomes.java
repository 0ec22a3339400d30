package dev.retort.objective;

import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.List;

/// What two models with different vocabularies say at one place of a text.
///
/// @param sharedNV the teacher's probabilities of outcomes that the student has too, in the
///   student's vocabulary; 0 elsewhere
/// @param logQNV the student's log-probabilities
/// @param restNU the teacher's probabilities of all other outcomes, `[N, U]`
/// @param ownNU the student's probabilities of its other tokens, `[N, U']`
record SharedOutcomes(Tensor sharedNV, Tensor logQNV, Tensor restNU, Tensor ownNU) {

  /// Stands for the logarithm's argument where a weight is 0; 0 · log of it is 0.
  private static final double SMALLEST = 1e-30;

  /// KL over what is shared, and one bucket for the rest where the student has one.
  Tensor divergence() {
    if (ownNU.size(-1) == 0) {
      return terms(sharedNV.dividedBy(sharedNV.sum(-1, true).atLeast(SMALLEST)), logQNV);
    }
    Tensor logOwnN = ownNU.sum(-1, false).atLeast(SMALLEST).log();
    return terms(sharedNV, logQNV).plus(terms(restNU.sum(-1, false), logOwnN));
  }

  /// `Σ p · (log p − log q)`.
  private static Tensor terms(Tensor p, Tensor logQ) {
    return p.times(p.atLeast(SMALLEST).log().minus(logQ)).sum();
  }

  /// The L1 distance of the sorted rests.
  Tensor distanceOfRests() {
    long width = Math.max(restNU.size(-1), ownNU.size(-1));
    return sorted(restNU, width).minus(sorted(ownNU, width)).absolute().sum();
  }

  /// Each row of `massesNU` in descending order, continued with zeros to `width`.
  static Tensor sorted(Tensor massesNU, long width) {
    Tensor sorted = Functions.sortDescending(massesNU, -1);
    long missing = width - massesNU.size(-1);
    return missing == 0
        ? sorted
        : Tensors.concatenate(
            List.of(sorted, Tensors.zeros(massesNU.size(0), missing).to(sorted.dtype())), -1);
  }
}
