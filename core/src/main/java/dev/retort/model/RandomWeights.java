package dev.retort.model;

import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// A classifier that knows nothing yet, initialised as BERT is (Devlin et al. 2019): matrices and
/// embeddings from a normal distribution of deviation 0.02, biases zero, gains of normalisations
/// one.
public final class RandomWeights {

  private RandomWeights() {}

  /// A classifier of this shape; the same `seed` gives the same weights.
  public static TextClassifier classifier(
      EncoderConfig config, Head head, List<String> labels, long seed) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Seed.set(Seed.derive(seed, 0));
      SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
      for (String name : EncoderNames.all(config)) {
        tensors.put(name, initial(name, shape(name, config, head)).keep().requiresGrad());
      }
      tensors.putAll(TextClassifier.freshHead(config, head, labels.size(), seed));
      return new TextClassifier(config, head, labels, new Parameters(tensors));
    }
  }

  private static Tensor initial(String name, long[] shape) {
    if (name.endsWith(".bias")) {
      return Tensors.zeros(shape);
    }
    return shape.length == 1 ? Tensors.ones(shape) : Tensors.normal(0, 0.02, shape);
  }

  private static long[] shape(String name, EncoderConfig config, Head head) {
    return Axis.of(name, head).stream().mapToLong(axis -> axis.length(config, 0)).toArray();
  }
}
