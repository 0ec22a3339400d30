package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.ForwardMode;
import dev.retort.model.Precision;
import dev.retort.model.TextClassifier;
import dev.retort.objective.BoundFeature;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.HiddenMse;
import dev.retort.objective.LayerMap;
import dev.retort.objective.Layers;
import dev.retort.objective.LogitMse;
import dev.retort.objective.ModelShape;
import dev.retort.recipe.Source;
import dev.retort.signal.Need;
import dev.retort.teacher.LocalTeacher;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LossScoreTest {

  private static final TokenizedDataset DATA = TinyTask.data(60, 1);

  /// Over all tokens of the data at once, whatever the batches; padding counts nothing.
  @Test
  void isTheNegatedMeanOfTheLossesOverAllData() {
    HiddenMse objective = new HiddenMse(new Layers(LayerMap.UNIFORM, List.of()), true);
    try (Scope _ = Scope.open();
        TextClassifier teacher = TinyTask.model(2, 1, 0);
        TextClassifier student = TinyTask.model(2, 2, 0.5);
        BoundFeature bound =
            objective.bind(ModelShape.of(teacher.config()), ModelShape.of(student.config()), 3)) {
      double score =
          score(teacher, List.of(new BoundTerm("hidden-mse", bound, 0.5))).score(student);

      double sum = 0;
      for (int row = 0; row < DATA.size(); row++) {
        sum += oneText(teacher, student, row);
      }
      assertThat(score).isCloseTo(-0.5 * sum / DATA.tokens(), within(1e-5));
      assertThat(score(teacher, List.of(new BoundTerm("hidden-mse", bound, 1))).score(teacher))
          .isEqualTo(0);
    }
  }

  @Test
  void leavesOutWhatComparesTheStudentWithItself() {
    try (TextClassifier model = TinyTask.model(1, 1)) {
      BoundTerm labels = new BoundTerm("cross-entropy", new CrossEntropy(0), 1);
      BoundTerm own = new BoundTerm("ema", new LogitMse(), 9, new Source.Ema(0.9), 0);

      assertThat(score(model, List.of(labels, own)).score(model))
          .isEqualTo(score(model, List.of(labels)).score(model))
          .isNegative();
    }
  }

  /// The mean squared difference of the states of one text, summed over its tokens.
  private static double oneText(TextClassifier teacher, TextClassifier student, int row) {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      List<Tensor> known = states(teacher, row);
      List<Tensor> own = states(student, row);
      return IntStream.range(0, 3)
          .mapToDouble(i -> own.get(i).minus(known.get(i)).square().mean(-1, false).sum().item())
          .average()
          .orElseThrow();
    }
  }

  private static List<Tensor> states(TextClassifier model, int row) {
    ForwardMode mode = ForwardMode.evaluate(Precision.FP32).capturing();
    return model.forward(DATA.batch(row), mode).encoder().orElseThrow().hiddenBTD();
  }

  private static LossScore<TextBatch> score(TextClassifier teacher, List<BoundTerm> terms) {
    return new LossScore<>(
        DATA,
        new LocalTeacher<>("teacher", "f".repeat(64), teacher, Precision.FP32),
        Set.of(Need.HIDDEN_STATES),
        terms,
        Precision.FP32);
  }
}
