package dev.retort.model.decoder;

import dev.retort.tensor.Draws;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/// Chooses the next token of each of several texts.
///
/// @param sampling how
record NextToken(Sampling sampling) {

  /// Of the bits of a random number, those that a number in [0, 1) has.
  private static final int BITS = 53;

  /// The tokens that follow, `[B]`.
  ///
  /// @param logitsBV the logits
  /// @param texts `[B]` the number of each text, which with the seed and the step decides what is
  ///   drawn, whatever other texts there are
  /// @param step how many tokens have been added before
  int[] choose(Tensor logitsBV, int[] texts, int step) {
    if (sampling.temperature() == 0) {
      return DoubleStream.of(logitsBV.argMax(-1).toDoubles()).mapToInt(id -> (int) id).toArray();
    }
    double[] numbers = Arrays.stream(texts).mapToDouble(text -> number(text, step)).toArray();
    return Draws.of(logitsBV, sampling.temperature(), sampling.topP(), numbers);
  }

  /// A number in [0, 1).
  private double number(int text, int step) {
    long bits = Seed.derive(Seed.derive(sampling.seed(), text), step);
    return (bits >>> (Long.SIZE - BITS)) * 0x1p-53;
  }
}
