package dev.retort.train;

import dev.retort.data.Batch;
import dev.retort.tensor.Workers;
import java.io.IOException;
import java.nio.file.Path;

/// Examples that a student makes for itself while it is trained, in place of those of the data.
///
/// What it makes is decided by its weights, by the step and its seed, and by what it made in
/// earlier steps; the latter is part of every checkpoint, so that a run that was interrupted goes
/// on with the same.
///
/// @param <B> what the student computes
public interface Rollouts<B extends Batch> extends TrainListener {

  /// When a step is made.
  ///
  /// @param step its number, from 1
  /// @param progress the share of all steps that were made before
  /// @param seed of all that is left to chance in the step
  record Moment(long step, double progress, long seed) {}

  /// What is learnt from in place of `planned`, or `planned` itself.
  ///
  /// @param workers who may help to make it
  StepBatches<B> of(StepBatches<B> planned, Moment moment, Workers workers);

  /// Writes what later steps depend on into the folder `checkpoint`.
  void write(Path checkpoint) throws IOException;

  /// Goes on from what was written into the folder `checkpoint`.
  void read(Path checkpoint) throws IOException;

  /// No examples but those of the data.
  static <B extends Batch> Rollouts<B> none() {
    return new None<>();
  }

  /// Leaves every step as it was planned.
  record None<B extends Batch>() implements Rollouts<B> {

    @Override
    public StepBatches<B> of(StepBatches<B> planned, Moment moment, Workers workers) {
      return planned;
    }

    @Override
    public void write(Path checkpoint) {}

    @Override
    public void read(Path checkpoint) {}
  }
}
