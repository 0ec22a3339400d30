package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.Precision;
import dev.retort.model.TextClassifier;
import dev.retort.objective.AttentionKl;
import dev.retort.objective.AttentionMse;
import dev.retort.objective.BoundFeature;
import dev.retort.objective.FeatureObjective;
import dev.retort.objective.HeadMismatch;
import dev.retort.objective.HiddenCosine;
import dev.retort.objective.HiddenMse;
import dev.retort.objective.LayerMap;
import dev.retort.objective.Layers;
import dev.retort.objective.MiniLmRelations;
import dev.retort.objective.ModelShape;
import dev.retort.objective.PatientKd;
import dev.retort.objective.RelationalAngle;
import dev.retort.objective.RelationalDistance;
import dev.retort.signal.Distribution;
import dev.retort.signal.Need;
import dev.retort.teacher.LocalTeacher;
import dev.retort.teacher.MixedPrecision;
import dev.retort.teacher.Question;
import dev.retort.teacher.Teacher;
import dev.retort.tensor.SafetensorsFile;
import dev.retort.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Students that learn what their teachers compute inside.
class FeatureTrainingTest {

  private static final TokenizedDataset DATA = TinyTask.data(200, 1);
  private static final int WIDE = 24;

  @TempDir Path folder;

  static Stream<FeatureObjective> objectives() {
    return Stream.of(
        new HiddenMse(new Layers(LayerMap.UNIFORM, List.of()), true),
        new HiddenCosine(new Layers(LayerMap.UNIFORM, List.of()), false),
        new AttentionMse(new Layers(LayerMap.LAST, List.of()), HeadMismatch.REFUSE),
        new AttentionKl(new Layers(LayerMap.LAST, List.of()), HeadMismatch.REFUSE),
        new MiniLmRelations(4, -1, -1),
        new PatientKd(new Layers(LayerMap.UNIFORM, List.of())),
        new RelationalDistance(),
        new RelationalAngle());
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void everyFeatureIsLearnt(FeatureObjective objective) throws IOException {
    int width = objective instanceof PatientKd ? 16 : WIDE;
    try (TextClassifier known = TinyTask.model(4, 1, 0, width);
        TextClassifier student = TinyTask.model(2, 2, 0);
        BoundFeature bound =
            objective.bind(ModelShape.of(known.config()), ModelShape.of(student.config()), 3)) {
      List<Double> losses = new ArrayList<>();
      train(job(student, known, bound), "run", losses, new StopSwitch());

      int tenth = losses.size() / 10;
      assertThat(mean(losses.subList(losses.size() - tenth, losses.size())))
          .isLessThan(0.8 * mean(losses.subList(0, tenth)));
    }
  }

  /// Projections are trained, kept in checkpoints, and taken up again with the same bits.
  @Test
  void projectionsSurviveAnInterruption() throws IOException {
    FeatureObjective objective = new HiddenMse(new Layers(LayerMap.UNIFORM, List.of()), true);
    try (TextClassifier known = TinyTask.model(4, 1, 0, WIDE)) {
      List<float[]> straight = trained(objective, known, "straight", Integer.MAX_VALUE);
      List<float[]> first = trained(objective, known, "resumed", 7);
      Path checkpoint = new Checkpoints(folder.resolve("resumed")).latest().orElseThrow();
      try (SafetensorsFile file = SafetensorsFile.open(checkpoint.resolve("model.safetensors"))) {
        assertThat(file.names())
            .contains(
                "objective.0.projection.0-0",
                "objective.0.projection.1-2",
                "objective.0.projection.2-4");
      }
      List<float[]> resumed = trained(objective, known, "resumed", Integer.MAX_VALUE);

      assertThat(first.getFirst()).isNotEqualTo(straight.getFirst());
      for (int i = 0; i < straight.size(); i++) {
        assertThat(resumed.get(i)).containsExactly(straight.get(i));
      }
    }
  }

  /// The student's weights and the projections after a run that is interrupted at step `end`.
  private List<float[]> trained(
      FeatureObjective objective, TextClassifier known, String name, int end) throws IOException {
    try (TextClassifier student = TinyTask.model(2, 2);
        BoundFeature bound =
            objective.bind(ModelShape.of(known.config()), ModelShape.of(student.config()), 3)) {
      StopSwitch stop = new StopSwitch();
      List<Double> losses =
          new ArrayList<>() {
            @Override
            public boolean add(Double loss) {
              if (size() + 1 == end) {
                stop.stop(TrainResult.End.INTERRUPTED);
              }
              return super.add(loss);
            }
          };
      train(job(student, known, bound), name, losses, stop);
      List<float[]> all = new ArrayList<>(TinyTask.weights(student));
      bound.parameters().values().forEach(map -> all.add(map.toFloats()));
      return all;
    }
  }

  private void train(TrainJob<TextBatch> job, String name, List<Double> losses, StopSwitch stop)
      throws IOException {
    TrainListener recorder =
        new TrainListener() {
          @Override
          public void stepEnded(StepReport report) {
            losses.add(report.loss());
          }
        };
    Checkpoints checkpoints = new Checkpoints(folder.resolve(name));
    try (Trainer<TextBatch> trainer = new Trainer<>(job, checkpoints, List.of(recorder), stop)) {
      trainer.run();
    }
  }

  @Test
  void aTeacherAnswersIn32BitsAndShowsItsInsidesAsTheStudentComputes() {
    try (Scope _ = Scope.open();
        TextClassifier known = TinyTask.model(2, 1);
        TextClassifier frozen = known.frozen(Precision.BF16)) {
      var plain = new LocalTeacher<TextBatch>("teacher", "", known, Precision.FP32);
      var anew = new LocalTeacher<TextBatch>("teacher", "", frozen, Precision.BF16);
      var mixed = new MixedPrecision<>(plain, anew);
      var half = new LocalTeacher<TextBatch>("teacher", "", known, Precision.BF16);
      Question<TextBatch> question = new Question<>(DATA, DATA.batch(0, 1, 2));

      assertThat(logits(mixed, question)).isDeepEqualTo(logits(plain, question));
      assertThat(state(mixed, question)).isDeepEqualTo(state(half, question));
      assertThat(state(mixed, question)[0]).isNotEqualTo(state(plain, question)[0]);
    }
  }

  private static float[][] logits(Teacher<TextBatch> teacher, Question<TextBatch> question) {
    Distribution said =
        teacher.ask(question, Set.of(Need.DISTRIBUTION)).distribution().orElseThrow();
    return ((Distribution.Dense) said).logitsNV().toFloatRows();
  }

  /// The last hidden states of the first tokens.
  private static float[][] state(Teacher<TextBatch> teacher, Question<TextBatch> question) {
    return teacher
        .ask(question, Set.of(Need.HIDDEN_STATES))
        .features()
        .orElseThrow()
        .hiddenBTD()
        .getLast()
        .select(1, 0)
        .toFloatRows();
  }

  private static TrainJob<TextBatch> job(
      TextClassifier student, TextClassifier known, BoundFeature bound) {
    return new TrainJob<>(
        "student",
        student,
        Optional.of(new LocalTeacher<>("teacher", "f".repeat(64), known, Precision.FP32)),
        new HiddenMse(new Layers(LayerMap.UNIFORM, List.of()), true).needs(),
        List.of(new BoundTerm("feature", bound, 1)),
        DATA,
        TinyTask.settings(6),
        _ -> 0);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
