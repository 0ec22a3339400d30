package dev.retort.train;

import dev.retort.model.Parameters;
import dev.retort.recipe.Keep;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// A copy of the student's weights as they were after its best epoch.
final class BestWeights implements AutoCloseable {

  private final Parameters live;
  private final Keep keep;
  private final SequencedMap<String, Tensor> copies = new LinkedHashMap<>();

  BestWeights(Parameters live, Keep keep) {
    this.live = live;
    this.keep = keep;
  }

  /// Copies the live weights, unless the last ones are wanted whatever their score.
  void remember() {
    if (keep == Keep.LAST) {
      return;
    }
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      live.byName()
          .forEach((name, tensor) ->
              copies
                  .computeIfAbsent(name, _ -> tensor.detach().copy().keep())
                  .setInPlace(tensor.detach()));
    }
  }

  /// Makes the live weights what they were at the best epoch, if there was one.
  void recall() {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      copies.forEach((name, copy) -> live.get(name).detach().setInPlace(copy));
    }
  }

  /// The copies by name; empty before the first epoch has ended, and where the last epoch is kept.
  SequencedMap<String, Tensor> byName() {
    return copies;
  }

  @Override
  public void close() {
    copies.values().forEach(Tensor::close);
  }
}
