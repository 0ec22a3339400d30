package dev.retort.tensor;

import java.util.Arrays;

/// Draws an outcome of each row of logits over a large vocabulary, without sorting it.
///
/// Of all outcomes, or of the likeliest that have the share `topP` of the probability together, the
/// first is taken at which the sum of the probabilities up to it passes a given number. The number
/// alone decides: what else is in a batch does not matter.
public final class Draws {

  private final SoftmaxRow softmax;
  private final int width;
  private final float[] block = new float[FloatBlock.SIZE];
  private final long[] keys;

  private Draws(FloatMatrix logits, double temperature) {
    this.softmax = new SoftmaxRow(logits, temperature, new FloatBlock());
    this.width = logits.width();
    this.keys = new long[width];
  }

  /// An outcome of `softmax(logits / temperature)` for each row.
  ///
  /// @param topP in (0, 1]
  /// @param numbers a number in [0, 1) for each row, equally likely everywhere
  public static int[] of(Tensor logitsNV, double temperature, double topP, double[] numbers) {
    Tensor read =
        FloatMatrix.canView(logitsNV)
            ? logitsNV
            : Tensors.of(logitsNV.toFloats(), logitsNV.shape());
    Draws draws = new Draws(FloatMatrix.of(read), temperature);
    int[] drawn = new int[numbers.length];
    for (int row = 0; row < drawn.length; row++) {
      draws.softmax.moveTo(row);
      drawn[row] = topP < 1 ? draws.ofLikeliest(topP, numbers[row]) : draws.ofAll(numbers[row]);
    }
    return drawn;
  }

  private int ofAll(double number) {
    double[] upTo = new double[Math.ceilDiv(width, FloatBlock.SIZE)];
    double sum = 0;
    for (int i = 0; i < upTo.length; i++) {
      softmax.probabilities(i * FloatBlock.SIZE, block);
      sum += FloatBlock.sum(block);
      upTo[i] = sum;
    }
    double bound = number * sum;
    int found = 0;
    while (found < upTo.length - 1 && upTo[found] <= bound) {
      found++;
    }
    softmax.probabilities(found * FloatBlock.SIZE, block);
    int place = passing(block, bound - (found == 0 ? 0 : upTo[found - 1]));
    return Math.min(found * FloatBlock.SIZE + place, width - 1);
  }

  /// Outcomes less likely than `(1 − topP) / V` are together less likely than `1 − topP`: they are
  /// not among those that count, of which there are few.
  private int ofLikeliest(double topP, double number) {
    float least = (float) ((1 - topP) / width);
    int count = 0;
    for (int from = 0; from < width; from += FloatBlock.SIZE) {
      softmax.probabilities(from, block);
      for (int i = 0; i < Math.min(FloatBlock.SIZE, width - from); i++) {
        if (block[i] >= least) {
          keys[count++] = key(block[i], from + i);
        }
      }
    }
    Arrays.sort(keys, 0, count);
    float[] likeliest = new float[count];
    double sum = 0;
    int kept = 0;
    while (kept < count && sum < topP) {
      likeliest[kept] = probability(keys[kept]);
      sum += likeliest[kept++];
    }
    return (int) keys[passing(Arrays.copyOf(likeliest, kept), number * sum)];
  }

  /// Numbers that ascend as probabilities descend, and with the outcome where these are equal.
  private static long key(float probability, int outcome) {
    return ((long) ~Float.floatToRawIntBits(probability) << Integer.SIZE) | outcome;
  }

  private static float probability(long key) {
    return Float.intBitsToFloat(~(int) (key >> Integer.SIZE));
  }

  /// The first place at which the sum of `values` up to it passes `bound`; the last if none does,
  /// as rounding has it.
  private static int passing(float[] values, double bound) {
    double sum = 0;
    for (int place = 0; place < values.length; place++) {
      sum += values[place];
      if (sum > bound) {
        return place;
      }
    }
    return values.length - 1;
  }
}
