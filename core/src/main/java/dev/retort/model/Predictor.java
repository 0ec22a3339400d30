package dev.retort.model;

import dev.retort.data.Batch;
import dev.retort.data.Batches;
import dev.retort.data.TokenizedDataset;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import java.util.function.Function;
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
    return rows(model, data, precision, ClassifierOutput::logitsNC, done);
  }

  /// The vectors that the head's last layer sees for all rows, `[rows, D]`, in the order of the
  /// dataset.
  public static float[][] vectors(
      TextClassifier model, TokenizedDataset data, Precision precision) {
    return rows(model, data, precision, ClassifierOutput::pooledND, _ -> {});
  }

  private static float[][] rows(
      TextClassifier model,
      TokenizedDataset data,
      Precision precision,
      Function<ClassifierOutput, Tensor> wanted,
      LongConsumer done) {
    float[][] result = new float[data.size()][];
    long answered = 0;
    for (Batch batch : Batches.inOrder(data, BATCH_TOKENS)) {
      try (Scope _ = Scope.open();
          NoGrad _ = NoGrad.open()) {
        ClassifierOutput output =
            model.forward(TokenBatches.of(batch), ForwardMode.evaluate(precision));
        float[][] rows = wanted.apply(output).toFloatRows();
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
