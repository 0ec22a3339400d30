package dev.retort.objective;

import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.stream.IntStream;

/// How alike texts are to each other, and how far two models differ in that.
final class Similarities {

  private Similarities() {}

  /// The cosines between each text and all others, in order, `[N, D]` → `[N, N − 1]`.
  static Tensor ofOthers(Tensor xND) {
    int n = Math.toIntExact(xND.size(0));
    Tensor normalizedND = Vectors.normalized(xND);
    Tensor allNN = normalizedND.matmul(normalizedND.transpose(0, 1));
    long[] others =
        IntStream.range(0, n * n).filter(at -> at / n != at % n).mapToLong(at -> at).toArray();
    return allNN.reshape(-1).indexSelect(0, Tensors.of(others, others.length)).reshape(n, n - 1);
  }

  /// `Σ KL(softmax(t / τ) ‖ softmax(s / τ))` over rows of similarities `[N, C]`; 0 where there is
  /// nothing to compare with.
  static Tensor kl(Tensor studentNC, Tensor teacherNC, double temperature) {
    if (studentNC.size(1) == 0) {
      return studentNC.sum();
    }
    Tensor ownNC = Functions.logSoftmax(studentNC.times(1 / temperature), -1);
    Tensor otherNC = Functions.logSoftmax(teacherNC.times(1 / temperature), -1);
    return otherNC.exp().times(otherNC.minus(ownNC)).sum();
  }

  /// The mean over pairs of columns of the squared difference of their margins, added up over rows
  /// of similarities `[N, C]`; 0 where there are no two columns.
  ///
  /// With `d = s − t`, a row's mean of `(dⱼ − dₖ)²` over `j ≠ k` is `2 · (Σd² − (Σd)² / C) / (C −
  /// 1)`.
  static Tensor margins(Tensor studentNC, Tensor teacherNC) {
    Tensor gapNC = studentNC.minus(teacherNC);
    long columns = gapNC.size(1);
    if (columns < 2) {
      return gapNC.sum().times(0);
    }
    Tensor centredNC = gapNC.minus(gapNC.mean(1, true));
    return centredNC.square().sum().times(2.0 / (columns - 1));
  }
}
