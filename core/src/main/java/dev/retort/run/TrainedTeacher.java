package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.model.Precision;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.MixedPrecision;
import dev.retort.teacher.Rereading;
import dev.retort.teacher.Teacher;
import java.util.List;
import java.util.Optional;

/// A teacher whose weights are here.
///
/// @param name what the recipe calls it
/// @param pretrained where it comes from
/// @param data the run's data as it reads them
/// @param model its weights
/// @param fingerprint hash of all that its answers depend on
/// @param fineTuning how it and the generations before it were trained, if they had to be
record TrainedTeacher(
    String name,
    Pretrained pretrained,
    RunData data,
    TextClassifier model,
    String fingerprint,
    List<TrainedPhase> fineTuning)
    implements ReadyTeacher {

  TrainedTeacher {
    fineTuning = List.copyOf(fineTuning);
  }

  @Override
  public Optional<TextClassifier> weights() {
    return Optional.of(model);
  }

  @Override
  public Teacher<TextBatch> asked() {
    return local();
  }

  /// The model as it is.
  LocalTeacher<TextBatch> local() {
    return new LocalTeacher<>(name, fingerprint, model, Precision.FP32);
  }

  /// Who is asked in the tokens of a student that reads the data as `student`.
  ///
  /// @param anew the model as it computes what nobody keeps, if not as it answers
  Teacher<TextBatch> teaching(RunData student, Optional<Frozen> anew) {
    Teacher<TextBatch> local =
        anew.<Teacher<TextBatch>>map(frozen ->
                new MixedPrecision<>(
                    local(),
                    new LocalTeacher<>(name, fingerprint, frozen.model(), frozen.precision())))
            .orElseGet(this::local);
    return data.equals(student)
        ? local
        : new Rereading<>(local, read -> student.counterpart(read, data));
  }

  /// The model as it computes in `precision` alone.
  Frozen frozen(Precision precision) {
    return new Frozen(model.frozen(precision), precision);
  }

  /// A model in a precision.
  record Frozen(TextClassifier model, Precision precision) implements AutoCloseable {

    @Override
    public void close() {
      model.close();
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
