package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.data.BatchSource;
import dev.retort.data.ImageBatch;
import dev.retort.data.ImageDataset;
import dev.retort.data.ImageShape;
import dev.retort.data.JitteredImages;
import dev.retort.eval.Predictions;
import dev.retort.model.MultilayerPerceptron;
import dev.retort.model.Network;
import dev.retort.model.Precision;
import dev.retort.model.Predictor;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ForwardKl;
import dev.retort.recipe.Keep;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.TrainSettings;
import dev.retort.signal.Need;
import dev.retort.signal.SignalStore;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.StoredTeacher;
import dev.retort.teacher.Teacher;
import dev.retort.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Images go through the same loop as texts.
class ImageTrainingTest {

  private static final int SIDE = 6;
  private static final ImageDataset TRAIN = squares(300, 1);
  private static final ImageDataset TEST = squares(200, 2);
  private static final String FINGERPRINT = "f".repeat(64);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Precision.class)
  void aPerceptronLearnsToSee(Precision precision) throws IOException {
    try (MultilayerPerceptron model = model(1, 0.1)) {
      assertThat(accuracy(model)).isLessThan(0.6);

      train(job(model, Optional.empty(), TRAIN, settings(15, precision)), "run");

      assertThat(accuracy(model)).isGreaterThan(0.95);
    }
  }

  /// Hinton's omitted class in small: the student never sees an image of the class, and its only
  /// trace is in the soft targets of the others.
  @Test
  void softTargetsTeachAClassThatTheStudentNeverSees() throws IOException {
    try (MultilayerPerceptron known = model(1, 0.1);
        MultilayerPerceptron hard = model(2, 0);
        MultilayerPerceptron soft = model(2, 0);
        SignalStore store = SignalStore.open(folder.resolve("signals"), FINGERPRINT, 4)) {
      TrainSettings settings = settings(15, Precision.FP32);
      train(job(known, Optional.empty(), TRAIN, settings), "teacher");
      Teacher<ImageBatch> teacher =
          new StoredTeacher<>(
              new LocalTeacher<>("teacher", FINGERPRINT, known, Precision.FP32), store);
      ImageDataset transfer = TRAIN.without(3);

      train(job(hard, Optional.empty(), transfer, settings), "hard");
      train(job(soft, Optional.of(teacher), transfer, settings(40, Precision.FP32)), "soft");

      assertThat(recall(hard, 3)).isZero();
      assertThat(recall(soft, 3)).isGreaterThan(0.5);
      assertThat(store.size()).isEqualTo(Set.copyOf(transfer.contentKeys(all(transfer))).size());
    }
  }

  /// Interrupted after every few steps and taken up by a new trainer each time, on images that move
  /// with the epoch: the same bits.
  @Test
  void aResumedRunGivesTheBitIdenticalPerceptron() throws IOException {
    TrainSettings settings = settings(3, Precision.BF16);
    BatchSource<ImageBatch> data = new JitteredImages(TRAIN, 1, 7, 0);
    List<float[]> expected;
    try (MultilayerPerceptron model = model(1, 0.2)) {
      train(job(model, Optional.empty(), data, settings), "straight");
      expected = weights(model);
    }
    List<float[]> actual = List.of();
    TrainResult.End end = TrainResult.End.INTERRUPTED;
    for (int attempt = 0; end == TrainResult.End.INTERRUPTED; attempt++) {
      assertThat(attempt).isLessThan(20);
      try (MultilayerPerceptron model = model(1, 0.2)) {
        end = interrupted(job(model, Optional.empty(), data, settings));
        actual = weights(model);
      }
    }
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i)).containsExactly(expected.get(i));
    }
  }

  @Test
  void everyEpochSeesOtherJitter() throws IOException {
    float[] still = trained("still", TRAIN);
    float[] jittered = trained("jittered", new JitteredImages(TRAIN, 1, 7, 0));
    float[] sameEveryEpoch = trained("frozen", frozen(new JitteredImages(TRAIN, 1, 7, 0)));

    assertThat(jittered).isNotEqualTo(still).isNotEqualTo(sameEveryEpoch);
  }

  private static BatchSource<ImageBatch> frozen(JitteredImages images) {
    ImageBatch all = images.batch(all(TRAIN));
    return ImageDataset.of(all.shape(), all.pixels(), all.labels());
  }

  private float[] trained(String name, BatchSource<ImageBatch> data) throws IOException {
    try (MultilayerPerceptron model = model(1, 0)) {
      train(job(model, Optional.empty(), data, settings(2, Precision.FP32)), name);
      return weights(model).getFirst();
    }
  }

  private TrainResult.End interrupted(TrainJob<ImageBatch> job) throws IOException {
    StopSwitch stop = new StopSwitch();
    TrainListener interrupt =
        new TrainListener() {
          private int steps;

          @Override
          public void stepEnded(StepReport report) {
            if (++steps == 7) {
              stop.stop(TrainResult.End.INTERRUPTED);
            }
          }
        };
    return train(job, "resumed", stop, interrupt).end();
  }

  private TrainResult train(TrainJob<ImageBatch> job, String name) throws IOException {
    return train(job, name, new StopSwitch());
  }

  private TrainResult train(
      TrainJob<ImageBatch> job, String name, StopSwitch stop, TrainListener... listeners)
      throws IOException {
    Checkpoints checkpoints = new Checkpoints(folder.resolve(name));
    try (Trainer<ImageBatch> trainer = new Trainer<>(job, checkpoints, List.of(listeners), stop)) {
      return trainer.run();
    }
  }

  private static TrainJob<ImageBatch> job(
      MultilayerPerceptron student,
      Optional<Teacher<ImageBatch>> teacher,
      BatchSource<ImageBatch> data,
      TrainSettings settings) {
    return new TrainJob<>(
        "student",
        student,
        teacher,
        teacher.isPresent() ? Set.of(Need.DISTRIBUTION) : Set.of(),
        List.of(
            teacher.isPresent()
                ? new BoundTerm("forward-kl", new ForwardKl(20), 1)
                : new BoundTerm("cross-entropy", new CrossEntropy(0), 1)),
        data,
        settings,
        ImageTrainingTest::accuracy);
  }

  private static TrainSettings settings(int epochs, Precision precision) {
    return new TrainSettings(
        epochs,
        32,
        1,
        5e-3,
        1,
        new Schedule.Linear(0.1),
        0.01,
        1,
        precision,
        7,
        Optional.empty(),
        Keep.LAST,
        5);
  }

  private static MultilayerPerceptron model(long seed, double dropout) {
    return MultilayerPerceptron.random(
        new MultilayerPerceptron.Shape(SIDE * SIDE, List.of(32, 32), 4, dropout, dropout), seed);
  }

  /// Which quarter of the image is brightest, in noise.
  private static ImageDataset squares(int count, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * SIDE * SIDE];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(4);
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          boolean inside = labels[i] == 2 * (2 * y / SIDE) + 2 * x / SIDE;
          pixels[(i * SIDE + y) * SIDE + x] = (byte) (random.nextInt(128) + (inside ? 100 : 0));
        }
      }
    }
    return ImageDataset.of(new ImageShape(1, SIDE, SIDE), pixels, labels);
  }

  private static double accuracy(Network<ImageBatch> model) {
    return predictions(model).right() / (double) TEST.size();
  }

  /// The share of this class's test images that are found.
  private static double recall(Network<ImageBatch> model, int label) {
    Predictions predictions = predictions(model);
    int[] labels = TEST.labels();
    int count = 0;
    int right = 0;
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] == label) {
        count++;
        right += predictions.isRight(row) ? 1 : 0;
      }
    }
    return right / (double) count;
  }

  private static Predictions predictions(Network<ImageBatch> model) {
    return Predictions.ofLogits(Predictor.logits(model, TEST, Precision.FP32), TEST.labels());
  }

  private static int[] all(ImageDataset data) {
    int[] rows = new int[data.size()];
    Arrays.setAll(rows, i -> i);
    return rows;
  }

  private static List<float[]> weights(MultilayerPerceptron model) {
    return model.parameters().all().stream().map(Tensor::toFloats).toList();
  }
}
