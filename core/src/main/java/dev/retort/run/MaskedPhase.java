package dev.retort.run;

import dev.retort.data.MaskedBatch;
import dev.retort.model.MaskedLanguageModel;
import dev.retort.model.Precision;
import dev.retort.objective.ModelShape;
import dev.retort.recipe.Plan;
import dev.retort.recipe.Recipe;
import dev.retort.teacher.LocalTeacher;
import dev.retort.train.BoundTerm;
import dev.retort.train.TrainJob;
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
record MaskedPhase(Plan plan, MaskedData data, String fingerprint, MaskedLanguageModel teacher) {

  /// A student before it has learnt anything.
  MaskedLanguageModel untrained() {
    return teacher.withLayers(plan.recipe().student().layersOf(teacher.config()));
  }

  /// The job of training `model` on what the teacher says about the same hidden tokens. They are
  /// others in every epoch, so its answers are not kept, and it computes in the precision of
  /// training.
  TrainJob<MaskedBatch> taught(MaskedLanguageModel model) {
    Recipe recipe = plan.recipe();
    Precision precision = recipe.train().precision();
    return new TrainJob<>(
        StudentPhase.STUDENT,
        model,
        Optional.of(new LocalTeacher<>("teacher", fingerprint, teacher, precision)),
        plan.needs(),
        StudentPhase.terms(
            recipe.training().getFirst(),
            ModelShape.of(teacher.config()),
            ModelShape.of(model.config())),
        data.train(),
        recipe.train(),
        HiddenTokens.accuracy(data.validation(), precision));
  }

  /// The job of training `model` on the hidden tokens alone.
  TrainJob<MaskedBatch> alone(MaskedLanguageModel model) {
    Recipe recipe = plan.recipe();
    return new TrainJob<>(
        StudentPhase.BASELINE,
        model,
        Optional.empty(),
        Set.of(),
        List.of(new BoundTerm("cross-entropy", StudentPhase.labelTerm(recipe), 1)),
        data.train(),
        recipe.train(),
        HiddenTokens.accuracy(data.validation(), recipe.train().precision()));
  }
}
