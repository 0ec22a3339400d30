package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.Batches;
import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.ForwardMode;
import dev.retort.model.Network;
import dev.retort.model.NetworkOutput;
import dev.retort.model.Precision;
import dev.retort.model.TextClassifier;
import dev.retort.model.TokenBatches;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ForwardKl;
import dev.retort.recipe.Keep;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.Source;
import dev.retort.recipe.TrainSettings;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.signal.SignalStore;
import dev.retort.signal.Signals;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.Question;
import dev.retort.teacher.StoredTeacher;
import dev.retort.teacher.Teacher;
import dev.retort.tensor.Gradients;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {

  private static final TokenizedDataset DATA = TinyTask.data(200, 1);

  @TempDir Path folder;

  @Test
  void aStudentLearnsTheLabels() throws IOException {
    try (TextClassifier student = TinyTask.model(2, 1)) {
      assertThat(accuracy(student)).isLessThan(0.6);

      TrainResult result = train(labelsOnly(student, settings(12, Precision.FP32)), "run");

      assertThat(accuracy(student)).isGreaterThan(0.95);
      assertThat(result.end()).isEqualTo(TrainResult.End.FINISHED);
      assertThat(result.history()).hasSize(12);
    }
  }

  /// The fifteenth of the correctness traps: a student must be able to become its teacher.
  @Test
  void aStudentComesToAgreeWithItsTeacher() throws IOException {
    try (TextClassifier known = TinyTask.model(2, 1);
        TextClassifier student = TinyTask.model(1, 2)) {
      train(labelsOnly(known, settings(12, Precision.FP32)), "teacher");
      Teacher<TextBatch> teacher =
          new LocalTeacher<>("teacher", "f".repeat(64), known, Precision.FP32);

      List<Double> losses = new ArrayList<>();
      TrainListener recorder =
          new TrainListener() {
            @Override
            public void stepEnded(StepReport report) {
              losses.add(report.loss());
            }
          };
      train(distilled(student, teacher, settings(30, Precision.FP32)), "student", recorder);

      assertThat(losses.getLast()).isLessThan(losses.getFirst() / 20);
    }
  }

  @Test
  void storedAnswersGiveTheSameStudentAsAskingEveryTime() throws IOException {
    try (TextClassifier known = TinyTask.model(2, 1);
        TextClassifier online = TinyTask.model(1, 2);
        TextClassifier offline = TinyTask.model(1, 2)) {
      LocalTeacher<TextBatch> teacher =
          new LocalTeacher<>("teacher", "f".repeat(64), known, Precision.FP32);
      train(distilled(online, teacher, settings(2, Precision.FP32)), "online");
      try (SignalStore store = SignalStore.open(folder.resolve("signals"), "f".repeat(64), 3)) {
        Teacher<TextBatch> stored =
            new StoredTeacher<>(new CountingTeacher(teacher, new ArrayList<>()), store);
        train(distilled(offline, stored, settings(2, Precision.FP32)), "offline");
        assertThat(store.size()).isPositive();
      }
      List<float[]> expected = TinyTask.weights(online);
      List<float[]> actual = TinyTask.weights(offline);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(actual.get(i)).containsExactly(expected.get(i), within(1e-4f));
      }
    }
  }

  @Test
  void laterEpochsCostNoTeacherPass() throws IOException {
    try (TextClassifier known = TinyTask.model(2, 1);
        TextClassifier student = TinyTask.model(1, 2);
        SignalStore store = SignalStore.open(folder.resolve("signals"), "f".repeat(64), 3)) {
      LocalTeacher<TextBatch> teacher =
          new LocalTeacher<>("teacher", "f".repeat(64), known, Precision.FP32);
      List<String> asked = Collections.synchronizedList(new ArrayList<>());
      Teacher<TextBatch> stored = new StoredTeacher<>(new CountingTeacher(teacher, asked), store);

      train(distilled(student, stored, settings(3, Precision.FP32)), "student");

      assertThat(asked).doesNotHaveDuplicates().hasSize(store.size());
    }
  }

  @Test
  void answeringAheadAsksAboutEveryTextOnce() throws IOException {
    try (TextClassifier known = TinyTask.model(2, 1);
        SignalStore store = SignalStore.open(folder.resolve("signals"), "f".repeat(64), 3)) {
      LocalTeacher<TextBatch> teacher =
          new LocalTeacher<>("teacher", "f".repeat(64), known, Precision.FP32);
      List<String> asked = Collections.synchronizedList(new ArrayList<>());
      StoredTeacher<TextBatch> stored =
          new StoredTeacher<>(new CountingTeacher(teacher, asked), store);
      List<Long> progress = new ArrayList<>();

      stored.answer(DATA, progress::add);
      stored.answer(DATA, _ -> {});

      assertThat(asked).hasSize(DATA.size());
      assertThat(progress.getLast()).isEqualTo(DATA.size());
      try (Scope _ = Scope.open()) {
        float[] direct =
            known
                .forward(TokenBatches.of(DATA.batch(5)), ForwardMode.EVALUATE)
                .logitsNV()
                .toFloats();
        String key = DATA.dataset().examples().get(5).contentKey();
        assertThat(store.get(key).orElseThrow()).containsExactly(direct, within(1e-5f));
      }
    }
  }

  /// Interrupted after every few steps and taken up by a new process each time: the same bits.
  @Test
  void aResumedRunGivesTheBitIdenticalStudent() throws IOException {
    TrainSettings settings = settings(3, Precision.BF16);
    List<float[]> expected;
    try (TextClassifier student = TinyTask.model(2, 1)) {
      train(labelsOnly(student, settings), "straight");
      expected = TinyTask.weights(student);
    }
    List<float[]> actual = List.of();
    TrainResult.End end = TrainResult.End.INTERRUPTED;
    for (int attempt = 0; end == TrainResult.End.INTERRUPTED; attempt++) {
      assertThat(attempt).isLessThan(20);
      try (TextClassifier student = TinyTask.model(2, 1)) {
        StopSwitch stop = new StopSwitch();
        TrainListener interrupt =
            new TrainListener() {
              private int steps;

              @Override
              public void stepEnded(StepReport report) {
                if (++steps == 4) {
                  stop.stop(TrainResult.End.INTERRUPTED);
                }
              }
            };
        end = train(labelsOnly(student, settings), "resumed", stop, interrupt).end();
        actual = TinyTask.weights(student);
      }
    }
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i)).containsExactly(expected.get(i));
    }
  }

  /// However a step is cut into micro-batches, the gradient is that of the whole.
  @Test
  void microBatchesDoNotChangeTheGradient() {
    try (TextClassifier model = TinyTask.model(2, 1)) {
      Losses losses =
          new Losses(
              List.of(
                  new BoundTerm("cross-entropy", new CrossEntropy(0), 0.3),
                  new BoundTerm("forward-kl", new ForwardKl(2), 0.7)));
      float[] whole = gradient(model, losses, List.of(new int[] {0, 1, 2, 3, 4, 5, 6}));
      float[] parts =
          gradient(model, losses, List.of(new int[] {0, 1, 2, 3}, new int[] {4}, new int[] {5, 6}));

      assertThat(parts).containsExactly(whole, within(1e-6f));
    }
  }

  private static float[] gradient(TextClassifier model, Losses losses, List<int[]> groups) {
    Gradients.drop(model.parameters().all());
    var batches = groups.stream().map(DATA::batch).toList();
    long[] counts = losses.counts(batches);
    for (var batch : batches) {
      try (Scope _ = Scope.open()) {
        NetworkOutput output = model.forward(batch, ForwardMode.evaluate(Precision.FP32));
        Signals teacher =
            Signals.of(new Distribution.Dense(output.logitsNV().detach().times(1.7).square()));
        losses.backward(
            output, Map.of(new Source.Teacher(), teacher), new Question<>(DATA, batch), counts, 0);
      }
    }
    return model.parameters().get("encoder.layer.0.attention.self.query.weight").grad().toFloats();
  }

  @Test
  void divergenceEndsTheRunWithAdvice() {
    try (TextClassifier student = TinyTask.model(1, 1)) {
      TrainSettings wild =
          new TrainSettings(
              50,
              200,
              1,
              1e4,
              1,
              new Schedule.Constant(0),
              0,
              1e9,
              Precision.FP32,
              7,
              Optional.empty(),
              Keep.BEST,
              500);

      assertThatThrownBy(() -> train(labelsOnly(student, wild), "wild", new DivergenceStop()))
          .isInstanceOf(TrainingDivergedException.class)
          .hasMessageContaining("Lower the learning rate");
    }
  }

  @Test
  void namesADamagedCheckpoint() throws IOException {
    try (TextClassifier student = TinyTask.model(1, 1)) {
      train(labelsOnly(student, settings(1, Precision.FP32)), "run");
    }
    Path checkpoint = new Checkpoints(folder.resolve("run")).latest().orElseThrow();
    Path weights = checkpoint.resolve("model.safetensors");
    Files.write(weights, java.util.Arrays.copyOf(Files.readAllBytes(weights), 500));
    try (TextClassifier student = TinyTask.model(1, 1)) {
      assertThatThrownBy(() -> train(labelsOnly(student, settings(1, Precision.FP32)), "run"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("model.safetensors");
    }
  }

  @Test
  void keepsOneCheckpointOnly() throws IOException {
    try (TextClassifier student = TinyTask.model(1, 1)) {
      train(labelsOnly(student, settings(3, Precision.FP32)), "run");
    }
    try (Stream<Path> children = Files.list(folder.resolve("run"))) {
      assertThat(children).hasSize(1);
    }
  }

  private record CountingTeacher(Teacher<TextBatch> teacher, List<String> asked)
      implements Teacher<TextBatch> {
    @Override
    public String name() {
      return teacher.name();
    }

    @Override
    public String fingerprint() {
      return teacher.fingerprint();
    }

    @Override
    public Set<Need> offers() {
      return teacher.offers();
    }

    @Override
    public Signals ask(Question<TextBatch> question, Set<Need> needs) {
      asked.addAll(question.contentKeys());
      return teacher.ask(question, needs);
    }

    @Override
    public void close() {}
  }

  private static TrainSettings settings(int epochs, Precision precision) {
    return new TrainSettings(
        epochs,
        200,
        2,
        5e-3,
        1,
        new Schedule.Linear(0.1),
        0.01,
        1,
        precision,
        7,
        Optional.empty(),
        Keep.BEST,
        3);
  }

  private static TrainJob<TextBatch> labelsOnly(TextClassifier student, TrainSettings settings) {
    return job(student, settings, TrainerTest::accuracy);
  }

  private static TrainJob<TextBatch> job(
      TextClassifier student, TrainSettings settings, Validator<TextBatch> validator) {
    return new TrainJob<>(
        "student",
        student,
        Optional.empty(),
        Set.of(),
        List.of(new BoundTerm("cross-entropy", new CrossEntropy(0), 1)),
        DATA,
        settings,
        validator);
  }

  private static TrainJob<TextBatch> distilled(
      TextClassifier student, Teacher<TextBatch> teacher, TrainSettings settings) {
    return new TrainJob<>(
        "student",
        student,
        Optional.of(teacher),
        Set.of(Need.DISTRIBUTION),
        List.of(new BoundTerm("forward-kl", new ForwardKl(2), 1)),
        DATA,
        settings,
        TrainerTest::accuracy);
  }

  private TrainResult train(TrainJob<TextBatch> job, String name, TrainListener... listeners)
      throws IOException {
    return train(job, name, new StopSwitch(), listeners);
  }

  private TrainResult train(
      TrainJob<TextBatch> job, String name, StopSwitch stop, TrainListener... listeners)
      throws IOException {
    Checkpoints checkpoints = new Checkpoints(folder.resolve(name));
    try (Trainer<TextBatch> trainer = new Trainer<>(job, checkpoints, List.of(listeners), stop)) {
      return trainer.run();
    }
  }

  private static double accuracy(Network<TextBatch> model) {
    int right = 0;
    for (var batch : Batches.inOrder(DATA, 1000)) {
      try (Scope _ = Scope.open();
          NoGrad _ = NoGrad.open()) {
        float[] answers =
            model.forward(batch, ForwardMode.EVALUATE).logitsNV().argMax(-1).toFloats();
        for (int i = 0; i < answers.length; i++) {
          right += answers[i] == batch.labels()[i] ? 1 : 0;
        }
      }
    }
    return right / (double) DATA.size();
  }
}
