package dev.retort.model.decoder;

import dev.retort.tensor.Functions;
import dev.retort.tensor.Gradients;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Layers of which a forward pass keeps what they read, and nothing of what they compute: the
/// backward pass computes each of them once more, the last first (gradient checkpointing, Chen et
/// al. 2016, arXiv 1604.06174). It costs a forward pass, and holds the states of one layer instead
/// of all.
///
/// What layers read has no history. Gradients that come to it, from the layer behind or from a loss
/// on states, are gathered there until it is its layer's turn.
final class Checkpointed {

  /// Computes a layer of what it reads.
  @FunctionalInterface
  interface Layer {
    Tensor of(int index, Tensor hiddenND);
  }

  private final Layer layer;
  private final Tensor embeddedND;
  private final List<Tensor> inputs = new ArrayList<>();

  /// @param embeddedND what the first layer reads, with its history
  Checkpointed(int layers, Tensor embeddedND, Layer layer) {
    this.layer = layer;
    this.embeddedND = embeddedND;
    inputs.add(embeddedND.detach().requiresGrad());
    for (int index = 0; index < layers; index++) {
      int current = index;
      Tensor readND = inputs.getLast();
      inputs.add(
          Scope.within(
                  () -> {
                    try (NoGrad _ = NoGrad.open()) {
                      return layer.of(current, readND);
                    }
                  })
              .detach()
              .requiresGrad());
    }
  }

  /// What every layer reads, and what the last one yields.
  List<Tensor> states() {
    return List.copyOf(inputs);
  }

  /// What the last layer yields, `[N, D]`.
  Tensor lastND() {
    return inputs.getLast();
  }

  /// Hands the gradients that have come to the states down through all layers and the embedding.
  void backward() {
    for (int index = inputs.size() - 2; index >= 0; index--) {
      Tensor yieldedND = inputs.get(index + 1);
      if (yieldedND.hasGrad()) {
        try (Scope _ = Scope.open()) {
          Tensor againND = layer.of(index, inputs.get(index));
          Functions.backward(List.of(againND), List.of(yieldedND.grad()));
        }
        yieldedND.dropGrad();
      }
    }
    Tensor firstND = inputs.getFirst();
    if (firstND.hasGrad() && Gradients.areGathered(embeddedND)) {
      Functions.backward(List.of(embeddedND), List.of(firstND.grad()));
    }
  }
}
