package dev.retort.objective;

import dev.retort.signal.Distribution;
import dev.retort.signal.Distribution.Aligned;
import dev.retort.signal.Distribution.Deferred;
import dev.retort.signal.Distribution.Dense;
import dev.retort.signal.Distribution.Headed;
import dev.retort.signal.Distribution.Mixture;
import dev.retort.signal.Distribution.Sampled;
import dev.retort.signal.Distribution.TopK;
import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.List;
import java.util.Random;

/// Four rows of logits over 2,500 entries, in double precision.
final class WideLogits {

  static final int N = RowObjectiveContract.N;
  static final int V = 2500;

  private WideLogits() {}

  static Tensor student() {
    return draw(1);
  }

  static Tensor teacher() {
    return draw(2);
  }

  static Mixture mixture() {
    Tensor weightsNM = Tensors.of(new double[] {0.2, 0.8, 0.5, 0.5, 0.9, 0.1, 0.3, 0.7}, N, 2);
    return new Mixture(List.of(teacher(), draw(3)), weightsNM);
  }

  static TopK topK(int k, double temperature) {
    Tensor idsNK = Functions.orderDescending(teacher(), -1).narrow(-1, 0, k);
    Tensor logPNV = Functions.logSoftmax(teacher().times(1 / temperature), -1);
    return new TopK(idsNK, logPNV.gather(-1, idsNK), temperature);
  }

  static Sampled sampled(int k, double temperature) {
    TopK topK = topK(k, temperature);
    return new Sampled(topK.idsNK(), Functions.softmax(topK.logProbsNK(), -1), temperature);
  }

  static Distribution inSinglePrecision(Distribution teacher) {
    return as(DType.FLOAT32, teacher);
  }

  static Distribution inDoublePrecision(Distribution teacher) {
    return as(DType.FLOAT64, teacher);
  }

  private static Distribution as(DType type, Distribution teacher) {
    return switch (teacher) {
      case Dense(Tensor logitsNV) -> new Dense(logitsNV.to(type));
      case Headed _, Deferred _ -> as(type, teacher.computed());
      case TopK(Tensor idsNK, Tensor logProbsNK, double temperature) ->
          new TopK(idsNK, logProbsNK.to(type), temperature);
      case Sampled(Tensor idsNK, Tensor weightsNK, double temperature) ->
          new Sampled(idsNK, weightsNK.to(type), temperature);
      case Mixture(List<Tensor> logitsNV, Tensor weightsNM) ->
          new Mixture(logitsNV.stream().map(l -> l.to(type)).toList(), weightsNM.to(type));
      case Aligned _ -> throw new IllegalArgumentException("of other tokens");
    };
  }

  /// `‖actual − expected‖ / ‖expected‖`.
  static double relativeError(Tensor actual, Tensor expected) {
    Tensor error = actual.to(DType.FLOAT64).minus(expected);
    return Math.sqrt(error.square().sum().item() / expected.square().sum().item());
  }

  /// As flat and as peaked rows as a language model's.
  private static Tensor draw(long seed) {
    Random random = new Random(seed);
    double[] logits = new double[N * V];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (1 + i / V) * random.nextGaussian();
    }
    return Tensors.of(logits, N, V);
  }
}
