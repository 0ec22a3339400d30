package dev.retort.model;

import dev.retort.data.Batch;
import dev.retort.data.Batches;
import dev.retort.data.TokenizedDataset;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Workers;
import java.util.List;
import java.util.function.LongConsumer;

/// Asks a classifier about a whole dataset.
public final class Predictor {

  private static final int BATCH_TOKENS = 1024;

  /// Batches between two reports of progress.
  private static final int WINDOW = 32;

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
    try (Workers workers = Workers.oneForEachCore()) {
      for (List<Batch> window : Batches.inOrder(data, BATCH_TOKENS).windows(WINDOW)) {
        List<float[][]> answers =
            workers.map(window, batch -> logits(model, batch, ForwardMode.evaluate(precision)));
        for (int i = 0; i < window.size(); i++) {
          put(answers.get(i), window.get(i).rows(), result);
          answered += window.get(i).size();
        }
        done.accept(answered);
      }
    }
    return result;
  }

  private static float[][] logits(TextClassifier model, Batch batch, ForwardMode mode) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      return model.forward(TokenBatches.of(batch), mode).logitsNC().toFloatRows();
    }
  }

  private static void put(float[][] rows, int[] places, float[][] result) {
    for (int i = 0; i < rows.length; i++) {
      result[places[i]] = rows[i];
    }
  }
}
