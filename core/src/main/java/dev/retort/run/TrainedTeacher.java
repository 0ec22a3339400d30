package dev.retort.run;

import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import java.util.Optional;

/// A teacher that knows the task.
///
/// @param pretrained where it comes from
/// @param model its weights
/// @param fingerprint hash of all that its answers depend on
/// @param fineTuning how it was trained, if it had to be
record TrainedTeacher(
    Pretrained pretrained,
    TextClassifier model,
    String fingerprint,
    Optional<TrainedPhase> fineTuning)
    implements AutoCloseable {

  @Override
  public void close() {
    model.close();
  }
}
