package dev.retort.model.decoder;

import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.SplittableRandom;

/// Chooses the next token of each of several sequences.
///
/// @param sampling how
record NextToken(Sampling sampling) {

  /// The tokens that follow, `[B]`.
  ///
  /// @param logitsBV the logits
  /// @param step how many tokens have been added before
  int[] choose(Tensor logitsBV, int step) {
    Tensor chosenB = sampling.temperature() == 0 ? logitsBV.argMax(-1) : drawn(logitsBV, step);
    double[] ids = chosenB.toDoubles();
    int[] tokens = new int[ids.length];
    for (int row = 0; row < ids.length; row++) {
      tokens[row] = (int) ids[row];
    }
    return tokens;
  }

  /// The token at which the summed probability of the likeliest passes a random number.
  private Tensor drawn(Tensor logitsBV, int step) {
    Tensor likeliestBV = Functions.softmax(logitsBV.times(1 / sampling.temperature()), -1);
    Tensor orderBV = Functions.orderDescending(likeliestBV, -1);
    Tensor sortedBV = likeliestBV.gather(-1, orderBV);
    Tensor beforeBV = sortedBV.cumulativeSum(-1).minus(sortedBV);
    Tensor keptBV = sortedBV.maskedFill(beforeBV.isAtLeast(sampling.topP()), 0);
    Tensor boundB1 = uniform(logitsBV.size(0), step).times(keptBV.sum(-1, true));
    Tensor passedBV = keptBV.cumulativeSum(-1).minus(boundB1).isAtMost(0);
    double last = logitsBV.size(1) - 1.0;
    Tensor placeB1 = passedBV.to(DType.FLOAT32).sum(-1, true).atMost(last).to(DType.INT64);
    return orderBV.gather(-1, placeB1).reshape(logitsBV.size(0));
  }

  /// One number in [0, 1) for each sequence, whatever the other sequences are.
  private Tensor uniform(long rows, int step) {
    float[] numbers = new float[Math.toIntExact(rows)];
    for (int row = 0; row < numbers.length; row++) {
      long seed = Seed.derive(Seed.derive(sampling.seed(), row), step);
      numbers[row] = new SplittableRandom(seed).nextFloat();
    }
    return Tensors.of(numbers, rows, 1);
  }
}
