package dev.retort.model;

import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
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
public record LinearHead(Tensor weightVD, Optional<Tensor> biasV) {

  /// Zeros of this head's shape, to which gradients can be added.
  public LinearHead zeros() {
    return new LinearHead(Tensors.zerosLike(weightVD), biasV.map(Tensors::zerosLike));
  }

  /// How many logits a row has.
  public long outcomes() {
    return weightVD.size(0);
  }

  /// The same layer in `type`; this one if that is its type.
  public LinearHead in(DType type) {
    return weightVD.dtype() == type
        ? this
        : new LinearHead(weightVD.to(type), biasV.map(bias -> bias.to(type)));
  }

  /// The logits of `hiddenND`, `[N, V]`.
  public Tensor logits(Tensor hiddenND) {
    LinearHead head = in(hiddenND.dtype());
    return Functions.linear(hiddenND, head.weightVD, head.biasV).to(hiddenND.dtype().widened());
  }

  /// Computes the logits of `hiddenND`, which has this head's type, into `logitsNV` of that type.
  public void logitsInto(Tensor logitsNV, Tensor hiddenND) {
    InPlace.linear(logitsNV, hiddenND, weightVD, biasV);
  }

  /// Adds `scale` times the gradient of logits that were made from `hiddenND`.
  public void addGradient(Tensor gradientNV, Tensor hiddenND, double scale) {
    Tensor gradientVN = gradientNV.transpose(0, 1);
    if (gradientNV.dtype() == weightVD.dtype()) {
      InPlace.addProduct(weightVD, gradientVN, hiddenND, scale);
    } else {
      // The sum over many chunks needs more digits than each of them.
      InPlace.addScaled(weightVD, gradientVN.matmul(hiddenND), scale);
    }
    biasV.ifPresent(bias -> InPlace.addScaled(bias, gradientNV.sum(0, false), scale));
  }
}
