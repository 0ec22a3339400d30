package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.model.TextClassifier;
import dev.retort.teacher.AskedAhead;
import dev.retort.teacher.Teacher;
import java.util.List;
import java.util.Optional;

/// A teacher behind an API. It reads texts, not tokens, and has been asked about all of them before
/// training, so that what is left of it is its answers.
///
/// @param name what the recipe calls it
/// @param data the run's data in the student's tokens
/// @param said its answers
record RemoteTeacher(String name, RunData data, RemoteAnswers.Said said) implements ReadyTeacher {

  @Override
  public String fingerprint() {
    return said.fingerprint();
  }

  @Override
  public Optional<TextClassifier> weights() {
    return Optional.empty();
  }

  @Override
  public List<TrainedPhase> fineTuning() {
    return List.of();
  }

  @Override
  public Teacher<TextBatch> asked() {
    return new AskedAhead<>(name, fingerprint());
  }

  @Override
  public void close() {
    // its answers belong to their store
  }
}
