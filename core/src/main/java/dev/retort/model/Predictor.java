package dev.retort.model;

import dev.retort.data.Batch;
import dev.retort.data.BatchSource;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import java.util.function.LongConsumer;

/// Asks a model about a whole dataset.
public final class Predictor {

  private Predictor() {}

  /// The logits of all rows, `[rows, labels]`, in the order of the dataset.
  public static <B extends Batch> float[][] logits(
      Network<B> model, BatchSource<B> data, Precision precision) {
    return logits(model, data, precision, _ -> {});
  }

  /// The same; `done` hears how many rows have been answered so far.
  public static <B extends Batch> float[][] logits(
      Network<B> model, BatchSource<B> data, Precision precision, LongConsumer done) {
    float[][] result = new float[data.size()][];
    Sweep.over(
        data,
        batch -> logits(model, batch, ForwardMode.evaluate(precision)),
        (batch, rows) -> put(rows, batch.rows(), result),
        done);
    return result;
  }

  private static <B extends Batch> float[][] logits(Network<B> model, B batch, ForwardMode mode) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      return model.forward(batch, mode).logitsNV().toFloatRows();
    }
  }

  private static void put(float[][] rows, int[] places, float[][] result) {
    for (int i = 0; i < rows.length; i++) {
      result[places[i]] = rows[i];
    }
  }
}
