package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.io.Sha256;
import dev.retort.model.ModelWeights;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.objective.CrossEntropy;
import dev.retort.recipe.Recipe;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.TeacherSettings;
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
/// @param workspace where fine-tuned teachers are kept
/// @param runner trains
record TeacherPhase(Recipe recipe, Workspace workspace, PhaseRunner runner) {

  /// How long the warm-up of fine-tuning is, as a share of all steps.
  private static final double WARM_UP = 0.1;

  /// The teacher that the recipe calls `name`.
  ///
  /// @param pretrained its model
  /// @param data what is learnt from, in its own tokens
  TrainedTeacher get(String name, Pretrained pretrained, RunData data) throws IOException {
    TeacherSettings teacher = recipe.lineup().teacher(name);
    return pretrained.head().isPresent()
        ? asItIs(name, teacher, pretrained, data)
        : fineTuned(name, teacher, pretrained, data);
  }

  private static TrainedTeacher asItIs(
      String name, TeacherSettings teacher, Pretrained pretrained, RunData data)
      throws IOException {
    String base = Fingerprints.of(pretrained);
    String fingerprint =
        pretrained.labels().equals(data.labels())
            ? Fingerprints.of(base, teacher.maxLength())
            : Fingerprints.of(base, teacher.maxLength(), data.labels());
    TextClassifier model = ModelWeights.classifier(pretrained, data.labels());
    return new TrainedTeacher(name, pretrained, data, model, fingerprint, Optional.empty());
  }

  private TrainedTeacher fineTuned(
      String name, TeacherSettings teacher, Pretrained pretrained, RunData data)
      throws IOException {
    String base = Fingerprints.of(pretrained);
    FineTune settings = teacher.fineTune().orElseThrow();
    long seed = teacher.seed().orElse(recipe.train().seed());
    String key =
        Fingerprints.of(
            base,
            data.train().dataset().hash(),
            data.validation().dataset().hash(),
            data.labels(),
            settings,
            teacher.maxLength(),
            seed);
    TextClassifier model = ModelWeights.withNewHead(pretrained, data.labels(), seed);
    Path folder = workspace.teacher(key);
    TrainedPhase phase = runner.run(job(name, model, data, settings, seed), folder);
    String fingerprint =
        Fingerprints.of(base, Sha256.ofFile(PhaseRunner.weights(folder)), teacher.maxLength());
    return new TrainedTeacher(name, pretrained, data, model, fingerprint, Optional.of(phase));
  }

  private static TrainJob<TextBatch> job(
      String name, TextClassifier model, RunData data, FineTune settings, long seed) {
    return new TrainJob<>(
        name,
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
