package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.io.Sha256;
import dev.retort.model.ModelWeights;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.objective.CrossEntropy;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.TeacherSettings.FineTune;
import dev.retort.recipe.TrainSettings;
import dev.retort.train.BoundTerm;
import dev.retort.train.TrainJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Gets a teacher that knows the task: one with a head as it is, one without a head fine-tuned on
/// the labels. A fine-tuned teacher is kept under the hash of all that decides it, so that later
/// runs find it ready.
///
/// @param recipe what was asked for
/// @param data what is learnt from, as the teacher reads it
/// @param workspace where fine-tuned teachers are kept
/// @param runner trains
record TeacherPhase(Recipe recipe, RunData data, Workspace workspace, PhaseRunner runner) {

  static final String NAME = "teacher";

  /// How long the warm-up of fine-tuning is, as a share of all steps.
  private static final double WARM_UP = 0.1;

  TrainedTeacher get(Pretrained pretrained) throws IOException {
    String base = Fingerprints.of(pretrained);
    int maxLength = recipe.teacher().maxLength();
    if (pretrained.head().isPresent()) {
      TextClassifier model = ModelWeights.classifier(pretrained);
      return new TrainedTeacher(
          pretrained, data, model, Fingerprints.of(base, maxLength), Optional.empty());
    }
    FineTune settings = recipe.teacher().fineTune().orElseThrow();
    long seed = recipe.train().seed();
    String key =
        Fingerprints.of(
            base,
            data.train().dataset().hash(),
            data.validation().dataset().hash(),
            data.labels(),
            settings,
            maxLength,
            seed);
    TextClassifier model = ModelWeights.withNewHead(pretrained, data.labels(), seed);
    Path folder = workspace.teacher(key);
    TrainedPhase phase = runner.run(job(model, settings, seed), folder);
    String fingerprint =
        Fingerprints.of(base, Sha256.ofFile(PhaseRunner.weights(folder)), maxLength);
    return new TrainedTeacher(pretrained, data, model, fingerprint, Optional.of(phase));
  }

  private TrainJob<TextBatch> job(TextClassifier model, FineTune settings, long seed) {
    return new TrainJob<>(
        NAME,
        model,
        Optional.empty(),
        Set.of(),
        List.of(new BoundTerm("cross-entropy", new CrossEntropy(settings.labelSmoothing()), 1)),
        data.train(),
        trainSettings(settings, seed),
        Scoring.accuracy(data.validation(), settings.precision()));
  }

  private static TrainSettings trainSettings(FineTune settings, long seed) {
    return new TrainSettings(
        settings.epochs(),
        settings.batchTokens(),
        1,
        settings.learningRate(),
        settings.headRate(),
        new Schedule.Linear(WARM_UP),
        0.01,
        1,
        settings.precision(),
        seed,
        settings.earlyStop(),
        settings.keep(),
        500);
  }
}
