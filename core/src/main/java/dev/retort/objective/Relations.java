package dev.retort.objective;

import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.stream.IntStream;

/// How the texts of a batch lie to each other.
final class Relations {

  /// Below it two points count as this far apart; the root has no slope at 0.
  private static final double SHORTEST = 1e-12;

  private Relations() {}

  /// The mean of the real tokens' states, `[N, D]`.
  static Tensor embeddings(Tensor hiddenBTD, Tensor maskBT) {
    Tensor maskBT1 = maskBT.to(hiddenBTD.dtype()).unsqueeze(-1);
    return hiddenBTD.times(maskBT1).sum(1, false).dividedBy(maskBT1.sum(1, false).atLeast(1.0));
  }

  /// All distances between different points, in both orders, over their mean, `[N · (N − 1)]`.
  static Tensor distances(Tensor xND) {
    Tensor differencesPD = differences(xND);
    Tensor distances =
        differencesPD.square().sum(-1, false).atLeast(SHORTEST * SHORTEST).squareRoot();
    return distances.dividedBy(distances.mean(0, false).atLeast(SHORTEST));
  }

  /// `xᵢ − xⱼ` for all `i ≠ j`, by `j` and then `i`, `[N · (N − 1), D]`.
  private static Tensor differences(Tensor xND) {
    int n = Math.toIntExact(xND.size(0));
    Tensor allNND = xND.unsqueeze(0).minus(xND.unsqueeze(1));
    long[] different =
        IntStream.range(0, n * n).filter(at -> at / n != at % n).mapToLong(at -> at).toArray();
    return allNND
        .reshape((long) n * n, xND.size(1))
        .indexSelect(0, Tensors.of(different, different.length));
  }

  /// The cosines of the angles at `xⱼ` between `xᵢ` and `xₖ`, for different `i`, `j`, `k`.
  static Tensor angles(Tensor xND) {
    int n = Math.toIntExact(xND.size(0));
    Tensor directionsJID =
        Vectors.normalized(differences(xND)).reshape(n, Math.max(0, n - 1), xND.size(1));
    int others = n - 1;
    Tensor cosines = directionsJID.matmul(directionsJID.transpose(1, 2)).reshape(-1);
    long[] different =
        IntStream.range(0, n * others * others)
            .filter(at -> at / others % others != at % others)
            .mapToLong(at -> at)
            .toArray();
    return cosines.indexSelect(0, Tensors.of(different, different.length));
  }

  /// Huber's loss with `δ = 1` of the differences, averaged; 0 where there is nothing to compare.
  static Tensor meanHuber(Tensor student, Tensor teacher) {
    Tensor gap = student.minus(teacher).absolute();
    Tensor near = gap.atMost(1.0);
    // 0.5·e² up to 1, e − 0.5 beyond: with n = min(e, 1) both are n·(e − n/2).
    return near.times(gap.minus(near.times(0.5))).sum().times(1.0 / Math.max(1, gap.elements()));
  }
}
