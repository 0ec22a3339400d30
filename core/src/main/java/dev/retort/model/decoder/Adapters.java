package dev.retort.model.decoder;

import dev.retort.model.Parameters;
import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// Small matrices beside the frozen ones of a decoder: what is trained of a model with [Lora].
///
/// @param lora what they are like
/// @param parameters `MODULE.lora_A.weight`, `[r, in]`, and `MODULE.lora_B.weight`, `[out, r]`, for
///   every module that has an adapter
public record Adapters(Lora lora, Parameters parameters) implements AutoCloseable {

  private static final String A = ".lora_A.weight";
  private static final String B = ".lora_B.weight";

  /// Adapters that change nothing yet: every `A` is drawn around 0 with the deviation that PEFT
  /// gives it, `1 / √(3 · in)`, and every `B` is 0. The same `seed` gives the same ones.
  static Adapters fresh(DecoderConfig config, Lora lora, long seed) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Seed.set(seed);
      for (int layer = 0; layer < config.layers(); layer++) {
        for (Projection target : lora.targetsIn(config)) {
          String module = target.module(layer);
          long[] shape = DecoderAxis.shape(module + ".weight", config);
          double deviation = 1 / Math.sqrt(3.0 * shape[1]);
          Tensor drawn = Tensors.normal(0, deviation, lora.rank(), shape[1]);
          tensors.put(module + A, drawn.keep().requiresGrad());
          tensors.put(module + B, Tensors.zeros(shape[0], lora.rank()).keep().requiresGrad());
        }
      }
    }
    return new Adapters(lora, new Parameters(tensors));
  }

  /// `y`, what `module` makes of `x`, with what its adapter adds, if it has one.
  Tensor added(String module, Tensor x, Tensor y) {
    return parameters
        .find(module + A)
        .map(a -> Functions.linear(x, a.to(x.dtype()), Optional.empty()))
        .map(lowNR ->
            Functions.linear(lowNR, parameters.get(module + B).to(x.dtype()), Optional.empty()))
        .map(change -> y.plus(change.times(lora.scale())))
        .orElse(y);
  }

  /// `weights` in 32 bits, those that have an adapter with its product added, in the scope that is
  /// open.
  Parameters mergedInto(Parameters weights) {
    SequencedMap<String, Tensor> merged = weights.byName();
    try (NoGrad _ = NoGrad.open()) {
      merged.replaceAll((name, tensor) -> {
        Tensor wide = tensor.detach().to(DType.FLOAT32);
        String module = name.substring(0, name.lastIndexOf('.'));
        return name.endsWith(".weight") && has(module)
            ? wide.plus(b(module).matmul(a(module)).times(lora.scale()))
            : wide;
      });
    }
    return new Parameters(merged);
  }

  /// Whether `module` has an adapter.
  public boolean has(String module) {
    return parameters.find(module + A).isPresent();
  }

  /// The matrix that `module`'s input is multiplied with, `[r, in]`.
  public Tensor a(String module) {
    return parameters.get(module + A);
  }

  /// The matrix that makes its output of that, `[out, r]`.
  public Tensor b(String module) {
    return parameters.get(module + B);
  }

  /// The same ones over the same memory, which gather gradients of their own.
  Adapters twin() {
    return new Adapters(lora, parameters.twin());
  }

  /// Others with the same values.
  Adapters copy() {
    return new Adapters(lora, parameters.copy());
  }

  /// The same ones without gradients, in `type`.
  Adapters frozen(DType type) {
    return new Adapters(lora, parameters.frozen(type, _ -> true));
  }

  @Override
  public void close() {
    parameters.close();
  }
}
