package dev.retort.objective;

import dev.retort.tensor.DType;
import dev.retort.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/// What is done to attention maps `[B, H, T, T]` (queries before keys) of padded texts.
final class Attentions {

  /// A loss between two maps of one shape, added up over what is counted.
  @FunctionalInterface
  interface MapLoss {

    /// `maskBT` is 1 for real tokens.
    Tensor sum(Tensor studentBHTT, Tensor teacherBHTT, Tensor maskBT);
  }

  private Attentions() {}

  /// Why the maps of two models cannot be compared.
  static List<String> problems(
      Layers layers, HeadMismatch heads, ModelShape teacher, ModelShape student) {
    return Stream.concat(
            layers.problems(teacher, student).stream(), heads.problems(teacher, student).stream())
        .toList();
  }

  /// The mean of `loss` over pairs of layers; of the means over heads, if `average`.
  static BoundFeature bind(
      List<LayerPair> layers, boolean average, BoundFeature.Counted counted, MapLoss loss) {
    return new PlainFeature(
        (student, teacher, maskBT) ->
            LayerPair.mean(
                layers,
                pair ->
                    loss.sum(
                        heads(student.scoresBHTT().get(pair.student()), average),
                        heads(teacher.scoresBHTT().get(pair.teacher()).detach(), average),
                        maskBT)),
        counted,
        false);
  }

  /// The map, or its mean over heads as a map with one head.
  private static Tensor heads(Tensor mapBHTT, boolean average) {
    return average ? mapBHTT.mean(1, true) : mapBHTT;
  }

  /// 1 where query and key are both real, `[B, 1, T, T]`.
  static Tensor realPairs(Tensor maskBT, DType type) {
    Tensor mask = maskBT.to(type);
    return mask.unsqueeze(1).unsqueeze(3).times(mask.unsqueeze(1).unsqueeze(1));
  }

  /// `KL(p ‖ q)` over real keys, added up over real queries, averaged over heads.
  static Tensor divergence(Tensor logPBHTT, Tensor logQBHTT, Tensor maskBT) {
    Tensor pairsB1TT = realPairs(maskBT, logQBHTT.dtype());
    Tensor differenceBHTT = logPBHTT.minus(logQBHTT).times(pairsB1TT);
    return logPBHTT.exp().times(differenceBHTT).sum().times(1.0 / logQBHTT.size(1));
  }
}
