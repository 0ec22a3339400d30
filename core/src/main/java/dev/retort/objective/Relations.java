package dev.retort.objective;

import dev.retort.model.Pooling;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;

/// How the texts of a batch lie to each other.
final class Relations {

  private Relations() {}

  /// `mean` of the texts' embeddings, which are the means of their last hidden states, times the
  /// number of texts.
  static BoundFeature bind(BinaryOperator<Tensor> mean) {
    return new PlainFeature(
        (student, teacher, maskBT) ->
            mean.apply(
                    Pooling.MEAN.apply(student.lastBTD(), maskBT),
                    Pooling.MEAN.apply(teacher.lastBTD().detach(), maskBT))
                .times((double) maskBT.size(0)),
        BoundFeature.Counted.TEXTS,
        true);
  }

  /// All distances between different points, in both orders, over their mean, `[N · (N − 1)]`.
  static Tensor distances(Tensor xND) {
    Tensor distances = Vectors.length(differences(xND)).reshape(-1);
    return distances.dividedBy(distances.mean(0, false).atLeast(Vectors.SHORTEST));
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
