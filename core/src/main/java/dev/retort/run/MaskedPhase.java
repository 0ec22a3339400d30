package dev.retort.run;

import dev.retort.data.MaskedBatch;
import dev.retort.eval.Predictions;
import dev.retort.export.CardKind;
import dev.retort.export.MaskedLanguageModelExporter;
import dev.retort.model.MaskedLanguageModel;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.objective.ModelShape;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import dev.retort.teacher.LocalTeacher;
import dev.retort.train.BoundTerm;
import dev.retort.train.TrainJob;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes a masked language model out of layers of its teacher, and says how it is trained: by the
/// teacher, or as a baseline by the hidden tokens alone.
///
/// @param plan what was asked for
/// @param data what is learnt from
/// @param fingerprint hash of all that the teacher's answers depend on
/// @param teacher who knows the language
record MaskedPhase(Plan plan, MaskedData data, String fingerprint, MaskedLanguageModel teacher)
    implements TokenLesson<MaskedBatch> {

  @Override
  public Recipe recipe() {
    return plan.recipe();
  }

  @Override
  public RunData texts() {
    return data.texts();
  }

  @Override
  public MaskedLanguageModel untrained() {
    return teacher.withLayers(plan.recipe().student().layersOf(teacher.config()));
  }

  /// The job of training `model` on what the teacher says about the same hidden tokens. They are
  /// others in every epoch, so its answers are not kept, and it computes in the precision of
  /// training.
  @Override
  public TrainJob<MaskedBatch> taught(int stage, Network<MaskedBatch> model) {
    Recipe recipe = recipe();
    Precision precision = recipe.train().precision();
    return new TrainJob<>(
        StudentPhase.STUDENT,
        model,
        Optional.of(new LocalTeacher<>("teacher", fingerprint, teacher, precision)),
        plan.needs(),
        StudentPhase.terms(
            recipe.training().get(stage), ModelShape.of(teacher.config()), plan.studentShape()),
        data.train(),
        recipe.train(),
        TokenAnswers.accuracy(data.validation(), precision));
  }

  @Override
  public TrainJob<MaskedBatch> alone(Network<MaskedBatch> model) {
    Recipe recipe = recipe();
    return new TrainJob<>(
        StudentPhase.BASELINE,
        model,
        Optional.empty(),
        Set.of(),
        List.of(new BoundTerm("cross-entropy", StudentPhase.labelTerm(recipe), 1)),
        data.train(),
        recipe.train(),
        TokenAnswers.accuracy(data.validation(), recipe.train().precision()));
  }

  @Override
  public Predictions predictions(Network<MaskedBatch> model) {
    return TokenAnswers.predictions(model, data.test(), Precision.FP32);
  }

  @Override
  public List<Heard> ofTeachers() {
    return List.of(new Heard("teacher", Measuring.parameters(teacher), predictions(teacher)));
  }

  @Override
  public void export(Network<MaskedBatch> student, RunFolder folder) throws IOException {
    new MaskedLanguageModelExporter(
            (MaskedLanguageModel) student,
            plan.teacher().folder(),
            recipe().mainTeacher().maxLength())
        .write(folder.student());
  }

  @Override
  public CardKind kind() {
    return CardKind.MASKED_LANGUAGE_MODEL;
  }
}
