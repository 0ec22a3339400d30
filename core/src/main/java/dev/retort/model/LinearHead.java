package dev.retort.model;

import dev.retort.tensor.Functions;
import dev.retort.tensor.InPlace;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Optional;

/// The linear layer that turns hidden states into logits, or a gradient of one: `x Wᵀ + b`.
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

  /// The logits of `hiddenND`, `[N, V]`.
  public Tensor logits(Tensor hiddenND) {
    return Functions.linear(hiddenND, weightVD, biasV);
  }

  /// Computes the logits of `hiddenND` into `logitsNV`.
  public void logitsInto(Tensor logitsNV, Tensor hiddenND) {
    InPlace.linear(logitsNV, hiddenND, weightVD, biasV);
  }

  /// Adds `scale` times the gradient of logits that were made from `hiddenND`.
  public void addGradient(Tensor gradientNV, Tensor hiddenND, double scale) {
    InPlace.addProduct(weightVD, gradientNV.transpose(0, 1), hiddenND, scale);
    biasV.ifPresent(bias -> bias.addInPlace(gradientNV.sum(0, false).times(scale)));
  }
}
