package dev.retort.train;

import dev.retort.data.Batch;
import dev.retort.data.BatchSource;
import java.util.List;
import java.util.Optional;

/// What one optimizer step learns from.
///
/// @param <B> what a batch is
/// @param data where the examples are from
/// @param microBatches the examples, a forward pass each
/// @param rollout how the student made them, if it did
public record StepBatches<B extends Batch>(
    BatchSource<B> data, List<B> microBatches, Optional<Rollout> rollout) {

  public StepBatches {
    microBatches = List.copyOf(microBatches);
  }

  /// Examples of the data.
  public StepBatches(BatchSource<B> data, List<B> microBatches) {
    this(data, microBatches, Optional.empty());
  }

  /// The tokens of all examples, without padding.
  public long tokens() {
    return microBatches.stream().mapToLong(Batch::tokens).sum();
  }
}
