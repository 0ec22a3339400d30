package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.model.TextClassifier;
import dev.retort.teacher.Teacher;
import java.util.List;
import java.util.Optional;

/// A teacher that knows the task, and can be learnt from.
sealed interface ReadyTeacher extends AutoCloseable permits TrainedTeacher, RemoteTeacher {

  /// What the recipe calls it.
  String name();

  /// The run's data as it reads them.
  RunData data();

  /// Hash of all that its answers depend on.
  String fingerprint();

  /// Its weights, if they are here.
  Optional<TextClassifier> weights();

  /// How it and the generations before it were trained, if they had to be.
  List<TrainedPhase> fineTuning();

  /// Who is asked in its own tokens.
  Teacher<TextBatch> asked();

  @Override
  void close();
}
