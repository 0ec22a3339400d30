package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.Pooling;
import dev.retort.model.Precision;
import dev.retort.model.Predictor;
import dev.retort.model.TextClassifier;
import dev.retort.objective.BoundSelf;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.DeepToShallow;
import dev.retort.objective.HiddenMse;
import dev.retort.objective.LayerMap;
import dev.retort.objective.Layers;
import dev.retort.objective.LogitMse;
import dev.retort.objective.ModelShape;
import dev.retort.recipe.Source;
import dev.retort.signal.Distribution.Dense;
import dev.retort.signal.Signals;
import dev.retort.teacher.Question;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Students that teach themselves: by the average of their weights, and from layer to layer.
class SelfDistillationTest {

  private static final TokenizedDataset DATA = TinyTask.data(200, 1);
  private static final String WEIGHT = "head.output.weight";

  @TempDir Path folder;

  @Test
  void theAverageFollowsTheStudentByItsFormula() {
    try (TextClassifier student = TinyTask.model(1, 1);
        MovingAverages<TextBatch> averages = averages(student, new Source.Ema(0.6))) {
      float[] first = student.parameters().get(WEIGHT).toFloats();
      double expected = first[3];
      for (int step = 1; step <= 5; step++) {
        add(student, step);
        double decay = Math.min(0.6, 1 - 1.0 / (step + 1));
        double now = student.parameters().get(WEIGHT).toFloats()[3];
        expected = decay * expected + (1 - decay) * now;
        averages.follow(step);

        assertThat(Objects.requireNonNull(averages.state().get("ema.0.6." + WEIGHT)).toFloats()[3])
            .isCloseTo((float) expected, within(1e-5f));
      }
      assertThat(student.parameters().get(WEIGHT).toFloats()[3])
          .isCloseTo(first[3] + 15, within(1e-4f));
    }
  }

  @Test
  void theAverageIsAskedWithoutDropoutAndWithoutGradient() {
    try (Scope _ = Scope.open();
        TextClassifier student = TinyTask.model(2, 1, 0.5);
        MovingAverages<TextBatch> averages = averages(student, new Source.Ema(0.9))) {
      float[][] before = Predictor.logits(student, DATA.subset(0, 1, 2), Precision.FP32);
      add(student, 1);

      Signals heard =
          Objects.requireNonNull(
              averages.ask(new Question<>(DATA, DATA.batch(0, 1, 2))).get(new Source.Ema(0.9)));

      Tensor logitsNV = ((Dense) heard.distribution().orElseThrow()).logitsNV();
      for (int row = 0; row < 3; row++) {
        assertThat(logitsNV.toFloatRows()[row]).containsExactly(before[row], within(1e-5f));
      }
      assertThat(heard.features()).isEmpty();
      assertThat(averages.state().values()).noneMatch(Tensor::hasGrad);
    }
  }

  @Test
  void termsWithOneDecayShareAnAverage() {
    try (TextClassifier student = TinyTask.model(1, 1);
        MovingAverages<TextBatch> averages =
            averages(student, new Source.Ema(0.9), new Source.Ema(0.9), new Source.Ema(0.5))) {
      int tensors = student.parameters().all().size();

      assertThat(averages.state()).hasSize(2 * tensors);
    }
  }

  @Test
  void aWeightRisesToItsFullSize() {
    BoundTerm term = new BoundTerm("logit-mse", new LogitMse(), 2, new Source.Ema(0.9), 0.5);

    assertThat(term.weightAt(0)).isCloseTo(2 * Math.exp(-5), within(1e-12));
    assertThat(term.weightAt(0.25)).isCloseTo(2 * Math.exp(-5 * 0.25), within(1e-12));
    assertThat(term.weightAt(0.5)).isEqualTo(2);
    assertThat(term.weightAt(1)).isEqualTo(2);
    assertThat(new BoundTerm("logit-mse", new LogitMse(), 2).weightAt(0)).isEqualTo(2);
  }

  /// An average, what it hears inside, and heads on layers: all of it is taken up with the same
  /// bits.
  @Test
  void anInterruptedRunGoesOnWithTheSameAverageAndHeads() throws IOException {
    List<float[]> straight = trained("straight", Integer.MAX_VALUE);
    List<float[]> first = trained("resumed", 7);
    Path checkpoint = new Checkpoints(folder.resolve("resumed")).latest().orElseThrow();
    try (SafetensorsFile memory =
            SafetensorsFile.open(checkpoint.resolve("optimizer.safetensors"));
        SafetensorsFile weights = SafetensorsFile.open(checkpoint.resolve("model.safetensors"))) {
      assertThat(memory.names()).contains("ema.0.9." + WEIGHT);
      assertThat(weights.names()).contains("objective.3.head.0.weight", "objective.3.head.0.bias");
    }
    List<float[]> resumed = trained("resumed", Integer.MAX_VALUE);

    assertThat(first.getFirst()).isNotEqualTo(straight.getFirst());
    for (int i = 0; i < straight.size(); i++) {
      assertThat(resumed.get(i)).containsExactly(straight.get(i));
    }
  }

  @Test
  void shallowLayersLearnToDecide() throws IOException {
    DeepToShallow objective = new DeepToShallow(List.of(), 0.5, 2, 0.1, Pooling.MEAN);
    try (TextClassifier student = TinyTask.model(2, 2, 0);
        BoundSelf bound = bind(objective, student)) {
      List<Double> losses = new ArrayList<>();
      List<BoundTerm> terms =
          List.of(
              new BoundTerm("cross-entropy", new CrossEntropy(0), 1),
              new BoundTerm("deep-to-shallow", bound, 1));
      train(job(student, terms), "heads", losses, Integer.MAX_VALUE);

      int tenth = losses.size() / 10;
      assertThat(mean(losses.subList(losses.size() - tenth, losses.size())))
          .isLessThan(0.5 * mean(losses.subList(0, tenth)));
    }
  }

  private List<float[]> trained(String name, int end) throws IOException {
    DeepToShallow objective = new DeepToShallow(List.of(0), 0.5, 2, 0.1, Pooling.MEAN);
    HiddenMse inside = new HiddenMse(new Layers(LayerMap.UNIFORM, List.of()), false);
    Source.Ema ema = new Source.Ema(0.9);
    try (TextClassifier student = TinyTask.model(2, 2);
        BoundSelf bound = bind(objective, student)) {
      ModelShape shape = ModelShape.of(student.config());
      List<BoundTerm> terms =
          List.of(
              new BoundTerm("cross-entropy", new CrossEntropy(0), 1),
              new BoundTerm("logit-mse, ema", new LogitMse(), 0.5, ema, 0.4),
              new BoundTerm("hidden-mse, ema", inside.bind(shape, shape, 3), 0.1, ema, 0),
              new BoundTerm("deep-to-shallow", bound, 1));
      train(job(student, terms), name, new ArrayList<>(), end);
      List<float[]> all = new ArrayList<>(TinyTask.weights(student));
      bound.parameters().values().forEach(head -> all.add(head.toFloats()));
      return all;
    }
  }

  private void train(TrainJob<TextBatch> job, String name, List<Double> losses, int end)
      throws IOException {
    StopSwitch stop = new StopSwitch();
    TrainListener recorder =
        new TrainListener() {
          @Override
          public void stepEnded(StepReport report) {
            losses.add(report.loss());
            if (report.step() == end) {
              stop.stop(TrainResult.End.INTERRUPTED);
            }
          }
        };
    Checkpoints checkpoints = new Checkpoints(folder.resolve(name));
    try (Trainer<TextBatch> trainer = new Trainer<>(job, checkpoints, List.of(recorder), stop)) {
      trainer.run();
    }
  }

  private static BoundSelf bind(DeepToShallow objective, TextClassifier student) {
    ModelShape shape = ModelShape.of(student.config()).withLabels(3);
    return objective.bind(shape, shape, 3);
  }

  private static MovingAverages<TextBatch> averages(TextClassifier student, Source.Ema... sources) {
    List<BoundTerm> terms = new ArrayList<>();
    for (Source.Ema source : sources) {
      terms.add(new BoundTerm("logit-mse", new LogitMse(), 1, source, 0));
    }
    return new MovingAverages<>(job(student, terms), new Losses(terms));
  }

  private static void add(TextClassifier student, double value) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      Tensor weights = student.parameters().get(WEIGHT).detach();
      weights.setInPlace(weights.plus(value));
    }
  }

  private static TrainJob<TextBatch> job(TextClassifier student, List<BoundTerm> terms) {
    return new TrainJob<>(
        "student", student, Optional.empty(), Set.of(), terms, DATA, TinyTask.settings(6), _ -> 0);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
