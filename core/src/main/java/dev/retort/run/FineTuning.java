package dev.retort.run;

import dev.retort.data.TextBatch;
import dev.retort.io.Sha256;
import dev.retort.model.ModelWeights;
import dev.retort.model.Pretrained;
import dev.retort.model.TextClassifier;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ForwardKl;
import dev.retort.objective.ReverseKl;
import dev.retort.recipe.BornAgain;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.Source;
import dev.retort.recipe.TeacherSettings;
import dev.retort.recipe.TeacherSettings.FineTune;
import dev.retort.recipe.TrainSettings;
import dev.retort.signal.Need;
import dev.retort.teacher.Teacher;
import dev.retort.train.BoundTerm;
import dev.retort.train.TrainJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How a teacher without a head comes to know the task: its first generation learns from the
/// labels, each further one from the generation before it as well.
///
/// @param name what the recipe calls the teacher
/// @param teacher what the recipe says of it
/// @param seed of its first generation
/// @param pretrained its model
/// @param base the hash of that, which takes reading all of it
/// @param data what is learnt from, in its own tokens
record FineTuning(
    String name,
    TeacherSettings teacher,
    long seed,
    Pretrained pretrained,
    String base,
    RunData data) {

  /// How long the warm-up is, as a share of all steps.
  private static final double WARM_UP = 0.1;

  /// How many generations there are, the first one included.
  int generations() {
    return 1 + settings().bornAgain().map(BornAgain::generations).orElse(0);
  }

  /// The hash of all that decides what a generation, counted from 1, becomes.
  String key(int generation) {
    String first =
        Fingerprints.of(
            base,
            data.train().dataset().hash(),
            data.validation().dataset().hash(),
            data.labels(),
            settings().onLabels(),
            teacher.maxLength(),
            seed);
    return generation == 1
        ? first
        : Fingerprints.of(first, bornAgain().temperature(), bornAgain().weight(), generation);
  }

  /// The hash of all that the answers of a generation with these weights depend on.
  String fingerprint(Path weights) throws IOException {
    return Fingerprints.of(base, Sha256.ofFile(weights), teacher.maxLength());
  }

  /// A generation before it has learnt anything; every one has another head and other batches.
  TextClassifier untrained(int generation) throws IOException {
    return ModelWeights.withNewHead(pretrained, data.labels(), seed(generation));
  }

  /// The job of training `model` on the labels.
  TrainJob<TextBatch> onLabels(TextClassifier model) {
    return job(name, model, Optional.empty(), withConsistency(labels(1)), 1);
  }

  /// The job of training `model` on the labels and on what the generation before it says.
  TrainJob<TextBatch> after(Teacher<TextBatch> parent, int generation, TextClassifier model) {
    double weight = bornAgain().weight();
    BoundTerm told = new BoundTerm("forward-kl", new ForwardKl(bornAgain().temperature()), weight);
    return job(
        "%s-generation-%d".formatted(name, generation),
        model,
        Optional.of(parent),
        withConsistency(told, labels(1 - weight)),
        generation);
  }

  /// `terms`, and those that hold the model to its own answers under another dropout, if it is to
  /// be.
  private List<BoundTerm> withConsistency(BoundTerm... terms) {
    List<BoundTerm> all = new ArrayList<>(List.of(terms));
    double half = settings().consistency() / 2;
    if (half > 0) {
      all.add(
          new BoundTerm("forward-kl, dropout", new ForwardKl(1), half, new Source.Dropout(), 0));
      all.add(
          new BoundTerm("reverse-kl, dropout", new ReverseKl(1), half, new Source.Dropout(), 0));
    }
    return all;
  }

  private BoundTerm labels(double weight) {
    return new BoundTerm("cross-entropy", new CrossEntropy(settings().labelSmoothing()), weight);
  }

  private TrainJob<TextBatch> job(
      String phase,
      TextClassifier model,
      Optional<Teacher<TextBatch>> parent,
      List<BoundTerm> terms,
      int generation) {
    return new TrainJob<>(
        phase,
        model,
        parent,
        parent.isPresent() ? Set.of(Need.DISTRIBUTION) : Set.of(),
        terms,
        data.train(),
        trainSettings(seed(generation)),
        Scoring.accuracy(data.validation(), settings().precision()));
  }

  private TrainSettings trainSettings(long seed) {
    FineTune settings = settings();
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

  private long seed(int generation) {
    return seed + generation - 1;
  }

  private FineTune settings() {
    return teacher.fineTune().orElseThrow();
  }

  private BornAgain bornAgain() {
    return settings().bornAgain().orElseThrow();
  }
}
