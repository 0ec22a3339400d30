package dev.retort.train;

import dev.retort.tensor.AdamW;
import dev.retort.tensor.Gradients;
import dev.retort.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// AdamW over two groups: matrices, which decay, and biases and norms, which do not.
final class Optimizer implements AutoCloseable {

  private final SequencedMap<String, Tensor> parameters;
  private final AdamW decaying;
  private final AdamW plain;

  Optimizer(SequencedMap<String, Tensor> parameters, double weightDecay) {
    this.parameters = parameters;
    SequencedMap<String, Tensor> matrices = new LinkedHashMap<>();
    SequencedMap<String, Tensor> vectors = new LinkedHashMap<>();
    parameters.forEach(
        (name, tensor) -> (tensor.rank() > 1 ? matrices : vectors).put(name, tensor));
    this.decaying = new AdamW(matrices, AdamW.Settings.withWeightDecay(weightDecay));
    this.plain = new AdamW(vectors, AdamW.Settings.withWeightDecay(0));
  }

  /// Clips the gathered gradients to `maxNorm`, makes a step and forgets them; returns their norm.
  double step(double learningRate, double maxNorm) {
    double norm = Gradients.clip(parameters.sequencedValues(), maxNorm);
    decaying.step(learningRate);
    plain.step(learningRate);
    Gradients.drop(parameters.sequencedValues());
    return norm;
  }

  /// Everything but the parameters that the next step depends on.
  SequencedMap<String, Tensor> state() {
    SequencedMap<String, Tensor> all = decaying.state();
    all.putAll(plain.state());
    return all;
  }

  @Override
  public void close() {
    decaying.close();
    plain.close();
  }
}
