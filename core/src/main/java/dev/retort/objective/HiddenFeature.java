package dev.retort.objective;

import dev.retort.model.EncoderOutput;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Hidden states compared layer by layer: the mean over pairs of layers of a loss for each token.
/// Where the widths differ, a linear map without bias, `W s` with `W` `[D_teacher, D_student]`, is
/// trained along for every pair.
///
/// @param states numbers of hidden states, 0 for the embeddings' output and `l + 1` for that of
///   layer `l`
/// @param parameters the maps by name; none where the widths agree
/// @param loss the loss of every token
record HiddenFeature(
    List<LayerPair> states, SequencedMap<String, Tensor> parameters, TokenLoss loss)
    implements BoundFeature {

  /// A loss of each token, from hidden states of one width.
  @FunctionalInterface
  interface TokenLoss {

    /// `[B, T, D]` twice → `[B, T]`.
    Tensor perTokenBT(Tensor studentBTD, Tensor teacherBTD);
  }

  /// Binds `loss` to two models; the maps begin with random numbers that `seed` decides.
  static HiddenFeature of(
      List<LayerPair> layers,
      boolean embeddings,
      ModelShape teacher,
      ModelShape student,
      long seed,
      TokenLoss loss) {
    List<LayerPair> states = new ArrayList<>();
    if (embeddings) {
      states.add(new LayerPair(0, 0));
    }
    layers.forEach(pair -> states.add(new LayerPair(pair.student() + 1, pair.teacher() + 1)));
    SequencedMap<String, Tensor> maps = new LinkedHashMap<>();
    if (teacher.hiddenSize() != student.hiddenSize()) {
      Seed.set(seed);
      states.forEach(pair -> maps.put(name(pair), Projections.between(teacher, student)));
    }
    return new HiddenFeature(states, maps, loss);
  }

  private static String name(LayerPair states) {
    return "projection.%d-%d".formatted(states.student(), states.teacher());
  }

  @Override
  public Tensor sum(EncoderOutput student, EncoderOutput teacher, Tensor maskBT) {
    return LayerPair.mean(
        states,
        pair -> {
          Tensor ownBTD = projected(pair, student.hiddenBTD().get(pair.student()));
          Tensor otherBTD = teacher.hiddenBTD().get(pair.teacher()).detach();
          Tensor lossBT = loss.perTokenBT(ownBTD, otherBTD);
          return lossBT.times(maskBT.to(lossBT.dtype())).sum();
        });
  }

  private Tensor projected(LayerPair pair, Tensor hiddenBTD) {
    return Optional.ofNullable(parameters.get(name(pair)))
        .map(map -> Functions.linear(hiddenBTD, map, Optional.empty()))
        .orElse(hiddenBTD);
  }

  @Override
  public Counted counted() {
    return Counted.TOKENS;
  }

  @Override
  public boolean wholeBatch() {
    return false;
  }

  @Override
  public BoundFeature twin() {
    return new HiddenFeature(states, Tensors.twins(parameters), loss);
  }
}
