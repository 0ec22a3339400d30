package dev.retort.model;

import dev.retort.data.Batch;
import dev.retort.data.TextBatch;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;

/// Turns batches of Java arrays into tensors.
public final class TokenBatches {

  private TokenBatches() {}

  /// The tokens of `batch` as tensors of the open scope.
  public static TokenBatch of(TextBatch batch) {
    long[] shape = {batch.size(), batch.length()};
    return new TokenBatch(
        Tensors.of(batch.ids(), shape),
        Tensors.of(batch.typeIds(), shape),
        Tensors.of(batch.mask(), shape));
  }

  /// The labels of `batch`, `INT64` `[N]`, −1 where they are unknown.
  public static Tensor labels(Batch batch) {
    return Tensors.of(
        Arrays.stream(batch.labels()).asLongStream().toArray(), batch.labels().length);
  }
}
