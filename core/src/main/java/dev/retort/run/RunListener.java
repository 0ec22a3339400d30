package dev.retort.run;

import dev.retort.train.TrainListener;

/// Hears how a run goes: its phases, and every step of training.
public interface RunListener extends TrainListener {

  /// A stretch of work begins. `total` counts `unit`s, 0 where the amount is not known.
  default void phaseStarted(String phase, long total, String unit) {}

  /// `done` of the phase's units are done.
  default void advanced(long done) {}

  /// The phase has ended; `summary` is what a user wants to know of it.
  default void phaseEnded(String phase, String summary) {}

  /// Something worth a line that is no phase.
  default void noted(String message) {}
}
