package dev.retort.model;

import dev.retort.data.Batch;
import dev.retort.data.Batches;
import dev.retort.data.TokenizedDataset;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import java.util.function.LongConsumer;

/// Asks a classifier about a whole dataset.
public final class Predictor {

  private static final int BATCH_TOKENS = 8192;

  private Predictor() {}

  /// The logits of all rows, `[rows, labels]`, in the order of the dataset.
  public static float[][] logits(TextClassifier model, TokenizedDataset data, Precision precision) {
    return logits(model, data, precision, _ -> {});
  }

  /// The same; `done` hears how many rows have been answered so far.
  public static float[][] logits(
      TextClassifier model, TokenizedDataset data, Precision precision, LongConsumer done) {
    float[][] result = new float[data.size()][];
    long answered = 0;
    for (Batch batch : Batches.inOrder(data, BATCH_TOKENS)) {
      try (Scope _ = Scope.open();
          NoGrad _ = NoGrad.open()) {
        float[][] rows =
            model
                .forward(TokenBatches.of(batch), ForwardMode.evaluate(precision))
                .logitsNC()
                .toFloatRows();
        for (int i = 0; i < rows.length; i++) {
          result[batch.rows()[i]] = rows[i];
        }
      }
      answered += batch.size();
      done.accept(answered);
    }
    return result;
  }
}
