package dev.retort.train;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Asks a training run to end after the current step. May be used from any thread.
public final class StopSwitch {

  private final AtomicReference<Optional<TrainResult.End>> reason =
      new AtomicReference<>(Optional.empty());

  /// Asks for the end; the first reason given stands.
  public void stop(TrainResult.End end) {
    reason.compareAndSet(reason.get(), reason.get().or(() -> Optional.of(end)));
  }

  /// Why the run should end, if it should.
  public Optional<TrainResult.End> reason() {
    return reason.get();
  }
}
