package dev.retort.train;

/// Watches a training run. Every method does nothing unless overridden and should return fast.
///
/// Order: `started` → (`stepEnded`+ → `validated`? → `checkpointed`?)* → `ended`. A listener ends
/// the run early through [StopSwitch] or, when something is wrong, by throwing.
public interface TrainListener {

  /// Training is about to begin, or to go on from a checkpoint.
  default void started(TrainProgress progress) {}

  /// An optimizer step was made.
  default void stepEnded(StepReport report) {}

  /// The student was scored on the validation data.
  default void validated(Validation validation, StopSwitch stop) {}

  /// A checkpoint is on disk.
  default void checkpointed(long step) {}

  /// Training has ended, for whatever reason.
  default void ended(TrainResult result) {}
}
