package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.Precision;
import dev.retort.model.Predictor;
import dev.retort.model.TextClassifier;
import dev.retort.model.table.StaticStudent;
import dev.retort.model.table.TokenTable;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ForwardKl;
import dev.retort.recipe.Keep;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.TrainSettings;
import dev.retort.signal.Need;
import dev.retort.teacher.LocalTeacher;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Static students under the trainer that trains all others.
class StaticTrainingTest {

  private static final TokenizedDataset DATA = TinyTask.data(200, 1);
  private static final int TOKENS = 40;

  /// More tokens than the texts use.
  private static final int USED = 32;

  private static final TrainSettings SETTINGS =
      new TrainSettings(
          20,
          256,
          1,
          0.05,
          1,
          new Schedule.Constant(0),
          0.01,
          1,
          Precision.FP32,
          7,
          Optional.empty(),
          Keep.LAST,
          1000);

  @TempDir private Path folder;

  private static StaticStudent student(boolean trained) {
    Seed.set(4);
    Tensor vectorsVD = Tensors.normal(0, 0.3, TOKENS, 16);
    try (TokenTable table = new TokenTable(vectorsVD, Tensors.ones(TOKENS, 1))) {
      return StaticStudent.over(table, List.of("a", "b", "c"), trained, 1);
    }
  }

  private void train(TrainJob<TextBatch> job) throws IOException {
    try (Trainer<TextBatch> trainer =
        new Trainer<>(job, new Checkpoints(folder.resolve("run")), List.of(), new StopSwitch())) {
      trainer.run();
    }
  }

  private static TrainJob<TextBatch> labels(StaticStudent student) {
    return new TrainJob<>(
        "student",
        student,
        Optional.empty(),
        Set.of(),
        List.of(new BoundTerm("cross-entropy", new CrossEntropy(0), 1)),
        DATA,
        SETTINGS,
        _ -> 0);
  }

  private static double accuracy(StaticStudent student) {
    float[][] logits = Predictor.logits(student, DATA, Precision.FP32);
    int right = 0;
    for (int row = 0; row < logits.length; row++) {
      float[] scores = logits[row];
      int label = DATA.dataset().examples().get(row).label();
      right += scores[label] == Math.max(scores[0], Math.max(scores[1], scores[2])) ? 1 : 0;
    }
    return right / (double) logits.length;
  }

  @Test
  void theHeadAloneLearnsAndTheVectorsStay() throws IOException {
    try (StaticStudent student = student(false)) {
      float[] before = student.vectorsVD().toFloats();

      train(labels(student));

      assertThat(accuracy(student)).isGreaterThan(0.8);
      assertThat(student.vectorsVD().toFloats()).isEqualTo(before);
    }
  }

  @Test
  void vectorsLearnAlongWhereTextsReachThem() throws IOException {
    try (StaticStudent student = student(true)) {
      float[][] before = student.vectorsVD().toFloatRows();

      train(labels(student));

      float[][] after = student.vectorsVD().toFloatRows();
      assertThat(accuracy(student)).isGreaterThan(0.98);
      for (int token = USED; token < TOKENS; token++) {
        assertThat(after[token]).isEqualTo(before[token]);
      }
      assertThat(after[12]).isNotEqualTo(before[12]);
    }
  }

  @Test
  void aTeacherIsLearntFromAsByAnyStudent() throws IOException {
    try (StaticStudent student = student(true);
        TextClassifier known = TinyTask.model(1, 2)) {
      var teacher = new LocalTeacher<>("teacher", "f".repeat(64), known, Precision.FP32);
      double before = divergence(student, known);

      train(
          new TrainJob<>(
              "student",
              student,
              Optional.of(teacher),
              Set.of(Need.DISTRIBUTION),
              List.of(new BoundTerm("forward-kl", new ForwardKl(2), 1)),
              DATA,
              SETTINGS,
              _ -> 0));

      assertThat(divergence(student, known)).isLessThan(before / 10);
    }
  }

  /// The mean squared difference of log-odds.
  private static double divergence(StaticStudent student, TextClassifier teacher) {
    float[][] found = Predictor.logits(student, DATA, Precision.FP32);
    float[][] wanted = Predictor.logits(teacher, DATA, Precision.FP32);
    double sum = 0;
    for (int row = 0; row < found.length; row++) {
      for (int label = 1; label < 3; label++) {
        double difference =
            (found[row][label] - found[row][0]) - (wanted[row][label] - wanted[row][0]);
        sum += difference * difference;
      }
    }
    return sum / found.length;
  }
}
