package dev.retort.model;

import dev.retort.data.Batch;
import dev.retort.data.BatchSource;
import dev.retort.data.Batches;
import dev.retort.tensor.Workers;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongConsumer;

/// One pass over a dataset on all cores, a batch on each.
public final class Sweep {

  private static final int BATCH_TOKENS = 1024;

  /// Batches between two reports of progress.
  private static final int WINDOW = 32;

  private Sweep() {}

  /// Does `work`, which yields a row of numbers for each example, on every batch, and puts the rows
  /// in the order of `data`; `done` hears how many that were so far.
  public static <B extends Batch> float[][] rows(
      BatchSource<B> data, Function<B, float[][]> work, LongConsumer done) {
    float[][] result = new float[data.size()][];
    over(
        data,
        work,
        (batch, rows) -> {
          for (int i = 0; i < rows.length; i++) {
            result[batch.rows()[i]] = rows[i];
          }
        },
        done);
    return result;
  }

  /// The rows of `data` in the order in which [#over] comes to them.
  public static int[] order(BatchSource<?> data) {
    return Batches.inOrder(data, BATCH_TOKENS).rows();
  }

  /// Does `work` on every batch, on several threads, and hands the results to `taken` on this one,
  /// in the order of the batches; `done` hears how many rows that were so far.
  public static <B extends Batch, R> void over(
      BatchSource<B> data, Function<B, R> work, BiConsumer<B, R> taken, LongConsumer done) {
    long rows = 0;
    try (Workers workers = Workers.oneForEachCore()) {
      for (List<B> window : Batches.inOrder(data, BATCH_TOKENS).windows(WINDOW)) {
        List<R> results = workers.map(window, work);
        for (int i = 0; i < window.size(); i++) {
          taken.accept(window.get(i), results.get(i));
          rows += window.get(i).size();
        }
        done.accept(rows);
      }
    }
  }
}
