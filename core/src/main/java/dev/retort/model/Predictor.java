package dev.retort.model;

import dev.retort.data.Batch;
import dev.retort.data.BatchSource;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import java.util.function.Function;
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
    return answers(model, data, precision, NetworkOutput::logitsNV, done);
  }

  /// The vectors of all rows, `[rows, width]`, in the order of the dataset.
  public static <B extends Batch> float[][] embeddings(
      Network<B> model, BatchSource<B> data, Precision precision) {
    return answers(model, data, precision, NetworkOutput::pooledND, _ -> {});
  }

  private static <B extends Batch> float[][] answers(
      Network<B> model,
      BatchSource<B> data,
      Precision precision,
      Function<NetworkOutput, Tensor> answer,
      LongConsumer done) {
    return Sweep.rows(
        data,
        batch -> {
          try (Scope _ = Scope.open();
              NoGrad _ = NoGrad.open()) {
            return answer
                .apply(model.forward(batch, ForwardMode.evaluate(precision)))
                .toFloatRows();
          }
        },
        done);
  }
}
