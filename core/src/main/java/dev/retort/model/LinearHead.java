package dev.retort.model;

import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Gradients;
import dev.retort.tensor.InPlace;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Optional;

/// The linear layer that turns hidden states into logits, or a gradient of one: `x Wᵀ + b`.
///
/// Products are computed in the number format of the hidden states; logits come in at least 32
/// bits, in which losses are computed.
///
/// @param weightVD `[V, D]`
/// @param biasV `[V]`, if there is one
/// @param outcomes how many logits a row has: those of the first rows of the matrix. What follows
///   pads a vocabulary to a round number, is never likely and gathers no gradient
public record LinearHead(Tensor weightVD, Optional<Tensor> biasV, long outcomes) {

  /// A layer without padding.
  public LinearHead(Tensor weightVD, Optional<Tensor> biasV) {
    this(weightVD, biasV, weightVD.size(0));
  }

  /// Zeros of this head's shape, to which gradients can be added.
  public LinearHead zeros() {
    return new LinearHead(Tensors.zerosLike(weightVD), biasV.map(Tensors::zerosLike), outcomes);
  }

  /// The gradients of this head's parameters, to be added to in place; none if it is frozen.
  public Optional<LinearHead> gathered() {
    return Gradients.areGathered(weightVD)
        ? Optional.of(
            new LinearHead(Gradients.gathered(weightVD), biasV.map(Gradients::gathered), outcomes))
        : Optional.empty();
  }

  /// The same layer in `type`, without padding; this one if that is what it is.
  public LinearHead in(DType type) {
    return weightVD.dtype() == type && weightVD.size(0) == outcomes
        ? this
        : new LinearHead(counted(weightVD).to(type), biasV.map(bias -> counted(bias).to(type)));
  }

  private Tensor counted(Tensor rows) {
    return rows.narrow(0, 0, outcomes);
  }

  /// The logits of `hiddenND`, `[N, V]`.
  public Tensor logits(Tensor hiddenND) {
    LinearHead head = in(hiddenND.dtype());
    return Functions.linear(hiddenND, head.weightVD, head.biasV).to(hiddenND.dtype().widened());
  }

  /// Computes the logits of `hiddenND`, which has this head's type, into `logitsNV` of that type;
  /// this head has no padding.
  public void logitsInto(Tensor logitsNV, Tensor hiddenND) {
    InPlace.linear(logitsNV, hiddenND, weightVD, biasV);
  }

  /// Adds `scale` times the gradient of logits that were made from `hiddenND`.
  public void addGradient(Tensor gradientNV, Tensor hiddenND, double scale) {
    Tensor gradientVN = gradientNV.transpose(0, 1);
    Tensor sumVD = counted(weightVD);
    if (gradientNV.dtype() == sumVD.dtype()) {
      InPlace.addProduct(sumVD, gradientVN, hiddenND, scale);
    } else {
      // The sum over many chunks needs more digits than each of them.
      InPlace.addScaled(sumVD, gradientVN.matmul(hiddenND), scale);
    }
    biasV.ifPresent(bias -> InPlace.addScaled(counted(bias), gradientNV.sum(0, false), scale));
  }
}
