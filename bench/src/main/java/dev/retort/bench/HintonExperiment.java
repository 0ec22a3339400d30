package dev.retort.bench;

import dev.retort.data.BatchSource;
import dev.retort.data.ImageBatch;
import dev.retort.data.ImageDataset;
import dev.retort.data.JitteredImages;
import dev.retort.eval.Predictions;
import dev.retort.io.Sha256;
import dev.retort.model.MultilayerPerceptron;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.model.Predictor;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ForwardKl;
import dev.retort.recipe.Keep;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.TrainSettings;
import dev.retort.run.PhaseRunner;
import dev.retort.signal.Need;
import dev.retort.signal.SignalStore;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.StoredTeacher;
import dev.retort.teacher.Teacher;
import dev.retort.train.BoundTerm;
import dev.retort.train.TrainJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The experiment of Hinton et al. 2015, section 3, with one seed: a teacher of two layers of 1,200
/// units with dropout, and students of two layers of 800 units without, from the labels alone, from
/// soft targets as well, and from soft targets where one class is missing.
///
/// What was finished in an earlier attempt is read back.
///
/// @param data the images
/// @param settings how models are trained
/// @param folder where models and answers are kept
/// @param runner trains
record HintonExperiment(FashionMnist data, Settings settings, Path folder, PhaseRunner runner) {

  /// How models are trained.
  ///
  /// @param teacherEpochs passes of the teacher
  /// @param studentEpochs passes of each student
  /// @param batch images of a step
  /// @param learningRate the peak, for all
  /// @param inputDropout share of the pixels that the teacher does not see
  /// @param hiddenDropout share of its units that are left out
  /// @param jitter pixels by which the teacher's images move at most
  /// @param temperature of the soft targets
  /// @param softWeight weight of the soft targets; the labels have the rest
  /// @param omitted the class that the last student never sees
  record Settings(
      int teacherEpochs,
      int studentEpochs,
      int batch,
      double learningRate,
      double inputDropout,
      double hiddenDropout,
      int jitter,
      double temperature,
      double softWeight,
      int omitted) {}

  /// The logits of one model.
  @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next
  record Answers(float[][] validation, float[][] test) {}

  /// What one seed gave.
  ///
  /// @param seed of everything
  /// @param teacher the large network
  /// @param hard the student of the labels alone
  /// @param soft the student of labels and soft targets
  /// @param omitting the same without one class
  record Outcome(long seed, Answers teacher, Answers hard, Answers soft, Answers omitting) {}

  /// Trains the four models of `seed` and asks them.
  Outcome run(long seed) throws IOException {
    try (MultilayerPerceptron teacher = teacher(seed)) {
      BatchSource<ImageBatch> moving = new JitteredImages(data.train(), settings.jitter(), seed, 0);
      Answers known = trained(job("teacher", teacher, Optional.empty(), moving, seed), seed);
      String fingerprint = Sha256.ofFile(PhaseRunner.weights(folder("teacher", seed)));
      try (SignalStore store =
          SignalStore.open(folder.resolve("signals"), fingerprint, FashionMnist.CLASSES.size())) {
        StoredTeacher<ImageBatch> stored =
            new StoredTeacher<>(
                new LocalTeacher<>("teacher", fingerprint, teacher, Precision.FP32), store);
        stored.answer(data.train(), _ -> {});
        ImageDataset part = data.train().without(settings.omitted());
        return new Outcome(
            seed,
            known,
            student("hard", Optional.empty(), data.train(), seed),
            student("soft", Optional.of(stored), data.train(), seed),
            student("omitting", Optional.of(stored), part, seed));
      }
    }
  }

  private Answers student(
      String name, Optional<Teacher<ImageBatch>> teacher, ImageDataset images, long seed)
      throws IOException {
    try (MultilayerPerceptron student = perceptron(800, 0, 0, seed)) {
      return trained(job(name, student, teacher, images, seed), seed);
    }
  }

  private Answers trained(TrainJob<ImageBatch> job, long seed) throws IOException {
    runner.run(job, folder(job.phase(), seed));
    return new Answers(
        Predictor.logits(job.student(), data.validation(), Precision.FP32),
        Predictor.logits(job.student(), data.test(), Precision.FP32));
  }

  private Path folder(String phase, long seed) {
    return folder.resolve("seed-" + seed).resolve(phase);
  }

  private TrainJob<ImageBatch> job(
      String phase,
      MultilayerPerceptron model,
      Optional<Teacher<ImageBatch>> teacher,
      BatchSource<ImageBatch> images,
      long seed) {
    double hardWeight = teacher.isPresent() ? 1 - settings.softWeight() : 1;
    BoundTerm labels = new BoundTerm("cross-entropy", new CrossEntropy(0), hardWeight);
    BoundTerm targets =
        new BoundTerm("forward-kl", new ForwardKl(settings.temperature()), settings.softWeight());
    return new TrainJob<>(
        phase,
        model,
        teacher,
        teacher.isPresent() ? Set.of(Need.DISTRIBUTION) : Set.of(),
        teacher.isPresent() ? List.of(targets, labels) : List.of(labels),
        images,
        train(phase.equals("teacher") ? settings.teacherEpochs() : settings.studentEpochs(), seed),
        this::accuracy);
  }

  private TrainSettings train(int epochs, long seed) {
    return new TrainSettings(
        epochs,
        settings.batch(),
        1,
        settings.learningRate(),
        1,
        new Schedule.Linear(0.02),
        0.01,
        5,
        Precision.BF16,
        seed,
        Optional.empty(),
        Keep.LAST,
        Integer.MAX_VALUE);
  }

  private double accuracy(Network<ImageBatch> model) {
    Predictions predictions =
        Predictions.ofLogits(
            Predictor.logits(model, data.validation(), Precision.FP32), data.validation().labels());
    return predictions.right() / (double) predictions.size();
  }

  private MultilayerPerceptron teacher(long seed) {
    return perceptron(1200, settings.inputDropout(), settings.hiddenDropout(), seed);
  }

  private MultilayerPerceptron perceptron(
      int width, double inputDropout, double hiddenDropout, long seed) {
    return MultilayerPerceptron.random(
        new MultilayerPerceptron.Shape(
            data.train().shape().values(),
            List.of(width, width),
            FashionMnist.CLASSES.size(),
            inputDropout,
            hiddenDropout),
        seed);
  }
}
