package dev.retort.bench;

import dev.retort.data.Batches;
import dev.retort.data.ImageBatch;
import dev.retort.data.ImageDataset;
import dev.retort.io.Folders;
import dev.retort.model.MultilayerPerceptron;
import dev.retort.model.Precision;
import dev.retort.model.TensorFile;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ForwardKl;
import dev.retort.recipe.Keep;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.TrainSettings;
import dev.retort.signal.Need;
import dev.retort.signal.SignalStore;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.StoredTeacher;
import dev.retort.train.BoundTerm;
import dev.retort.train.Checkpoints;
import dev.retort.train.StepReport;
import dev.retort.train.StopSwitch;
import dev.retort.train.TrainJob;
import dev.retort.train.TrainListener;
import dev.retort.train.TrainResult;
import dev.retort.train.Trainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/// Images a second of a distillation step of Hinton's small network (two layers of 800 units, from
/// two of 1,200), through Retort's own training loop in 32 bits: the counterpart of
/// `bench/peers/image_peers.py`.
///
/// What both sides begin with is random: how fast a step is does not depend on what is known.
final class ImageThroughput {

  static final double TEMPERATURE = 20;
  static final double ALPHA = 0.9;

  /// Steps before the first that counts, as many as on the other side.
  static final int WARM_UP = 50;

  private static final String FINGERPRINT = "benchmark-teacher";
  private static final int SEED = 7;

  private final ImageDataset data;
  private final int steps;
  private final int batch;
  private final Path folder;

  /// A measurement of `steps` steps of `batch` images in `folder`, whose files the other side
  /// reads.
  ImageThroughput(ImageDataset data, int steps, int batch, Path folder) {
    Batches<ImageBatch> epoch = Batches.shuffled(data, batch, SEED, 0);
    if (steps <= WARM_UP || steps > epoch.size()) {
      throw new IllegalArgumentException(
          "--steps: %d is not allowed; %d are for warming up, and an epoch has %d"
              .formatted(steps, WARM_UP, epoch.size()));
    }
    this.data = data;
    this.steps = steps;
    this.batch = batch;
    this.folder = folder;
  }

  /// Writes what the other side begins with: `student.safetensors`, `teacher.safetensors`, and the
  /// images of each step in `batches.json`.
  void prepare() throws IOException {
    try (MultilayerPerceptron student = student();
        MultilayerPerceptron teacher = teacher()) {
      TensorFile.write(folder.resolve("student.safetensors"), student.parameters().byName());
      TensorFile.write(folder.resolve("teacher.safetensors"), teacher.parameters().byName());
    }
    Batches<ImageBatch> epoch = Batches.shuffled(data, batch, SEED, 0);
    SequencedMap<String, Object> plan = new LinkedHashMap<>();
    plan.put(
        "batches", IntStream.range(0, steps).mapToObj(step -> epoch.get(step).rows()).toList());
    plan.put("warm_up_steps", WARM_UP);
    plan.put("temperature", TEMPERATURE);
    plan.put("alpha", ALPHA);
    plan.put("learning_rate", settings().learningRate());
    plan.put("weight_decay", settings().weightDecay());
    plan.put("max_grad_norm", settings().clip());
    ResultFile.write(plan, folder.resolve("plan.json"));
  }

  /// Trains, and says how fast and with which losses.
  SequencedMap<String, Object> measure() throws IOException {
    Path work = folder.resolve("retort");
    try (MultilayerPerceptron teacher = teacher();
        MultilayerPerceptron student = student();
        SignalStore store = SignalStore.open(work.resolve("signals"), FINGERPRINT, 10)) {
      StoredTeacher<ImageBatch> answers =
          new StoredTeacher<>(
              new LocalTeacher<>("teacher", FINGERPRINT, teacher, Precision.FP32), store);
      answers.answer(data, _ -> {});
      StopSwitch stop = new StopSwitch();
      Log log = new Log(steps, stop);
      try (Trainer<ImageBatch> trainer =
          new Trainer<>(
              job(student, answers),
              new Checkpoints(work.resolve("checkpoints")),
              List.of(log),
              stop)) {
        trainer.run();
      }
      SequencedMap<String, Object> result = new LinkedHashMap<>();
      result.put("mode", "retort");
      result.put("examples_per_second", log.images() / log.seconds());
      result.put("losses", log.losses);
      return result;
    } finally {
      Folders.delete(work);
    }
  }

  private TrainJob<ImageBatch> job(
      MultilayerPerceptron student, StoredTeacher<ImageBatch> teacher) {
    return new TrainJob<>(
        "student",
        student,
        Optional.of(teacher),
        Set.of(Need.DISTRIBUTION),
        List.of(
            new BoundTerm("forward-kl", new ForwardKl(TEMPERATURE), ALPHA),
            new BoundTerm("cross-entropy", new CrossEntropy(0), 1 - ALPHA)),
        data,
        settings(),
        _ -> 0);
  }

  private TrainSettings settings() {
    return new TrainSettings(
        1,
        batch,
        1,
        1e-3,
        1,
        new Schedule.Constant(0),
        0.01,
        5,
        Precision.FP32,
        SEED,
        Optional.empty(),
        Keep.LAST,
        Integer.MAX_VALUE);
  }

  private MultilayerPerceptron student() {
    return perceptron(800, 1);
  }

  private MultilayerPerceptron teacher() {
    return perceptron(1200, 2);
  }

  private MultilayerPerceptron perceptron(int width, long seed) {
    return MultilayerPerceptron.random(
        new MultilayerPerceptron.Shape(
            data.shape().values(), List.of(width, width), FashionMnist.CLASSES.size(), 0, 0),
        seed);
  }

  /// Notes each step's loss and end.
  private static final class Log implements TrainListener {

    private final int steps;
    private final StopSwitch stop;
    private final List<Double> losses = new ArrayList<>();
    private long images;
    private long started;
    private long ended;

    Log(int steps, StopSwitch stop) {
      this.steps = steps;
      this.stop = stop;
    }

    @Override
    public void stepEnded(StepReport report) {
      ended = System.nanoTime();
      losses.add(report.loss());
      if (losses.size() == WARM_UP) {
        started = ended;
      } else if (losses.size() > WARM_UP) {
        images += report.tokens();
      }
      if (losses.size() == steps) {
        stop.stop(TrainResult.End.INTERRUPTED);
      }
    }

    long images() {
      return images;
    }

    double seconds() {
      return (ended - started) / 1e9;
    }
  }
}
