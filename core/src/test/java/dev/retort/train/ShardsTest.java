package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.ForwardMode;
import dev.retort.model.NetworkOutput;
import dev.retort.model.Precision;
import dev.retort.model.TextClassifier;
import dev.retort.model.TokenBatches;
import dev.retort.objective.CrossEntropy;
import dev.retort.recipe.Keep;
import dev.retort.recipe.Schedule;
import dev.retort.recipe.TrainSettings;
import dev.retort.teacher.Question;
import dev.retort.tensor.Gradients;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Workers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardsTest {

  private static final TokenizedDataset DATA = TinyTask.data(40, 1);
  private static final Losses LOSSES =
      new Losses(List.of(new BoundTerm("cross-entropy", new CrossEntropy(0), 1)));

  /// One row leaves the second thread without work.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void threadsDoNotChangeTheGradient(int rows) {
    List<TextBatch> batches = List.of(batch(0, rows), batch(10, rows + 3));
    try (TextClassifier model = TinyTask.model(2, 1, 0)) {
      List<float[]> plain = plain(model, batches);
      SequencedMap<String, Double> means;
      try (Workers workers = Workers.share(2);
          Shards<TextBatch> shards = shards(model, workers)) {
        means = shards.gradients(DATA, batches, 3, 0);
      }
      List<float[]> parts = gradients(model);

      for (int i = 0; i < plain.size(); i++) {
        assertThat(parts.get(i)).containsExactly(plain.get(i), within(1e-6f));
      }
      assertThat(means.get("cross-entropy")).isCloseTo(1.1, within(0.2));
    }
  }

  @Test
  void theSeedDecidesDropoutWhicheverThreadIsFirst() {
    List<TextBatch> batches = List.of(batch(0, 20), batch(20, 20));
    try (TextClassifier model = TinyTask.model(2, 1, 0.3);
        Workers workers = Workers.share(2);
        Shards<TextBatch> shards = shards(model, workers)) {
      shards.gradients(DATA, batches, 3, 0);
      List<float[]> first = gradients(model);
      for (int attempt = 0; attempt < 5; attempt++) {
        Gradients.drop(model.parameters().all());
        shards.gradients(DATA, batches, 3, 0);
        List<float[]> again = gradients(model);
        for (int i = 0; i < first.size(); i++) {
          assertThat(again.get(i)).containsExactly(first.get(i));
        }
      }
      Gradients.drop(model.parameters().all());
      shards.gradients(DATA, batches, 4, 0);
      assertThat(gradients(model).getFirst()).isNotEqualTo(first.getFirst());
    }
  }

  private static Shards<TextBatch> shards(TextClassifier model, Workers workers) {
    TrainJob<TextBatch> job = job(model);
    return new Shards<>(job, LOSSES, new MovingAverages<>(job, LOSSES), workers);
  }

  private static List<float[]> plain(TextClassifier model, List<TextBatch> batches) {
    long[] counts = LOSSES.counts(batches);
    for (TextBatch batch : batches) {
      try (Scope _ = Scope.open()) {
        NetworkOutput output =
            model.forward(TokenBatches.of(batch), ForwardMode.evaluate(Precision.FP32));
        LOSSES.backward(output, Map.of(), new Question<>(DATA, batch), counts, 0);
      }
    }
    List<float[]> gradients = gradients(model);
    Gradients.drop(model.parameters().all());
    return gradients;
  }

  private static List<float[]> gradients(TextClassifier model) {
    try (Scope _ = Scope.open()) {
      return model.parameters().all().stream().map(Tensor::grad).map(Tensor::toFloats).toList();
    }
  }

  private static TextBatch batch(int first, int count) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = (first + i) % DATA.size();
    }
    return DATA.batch(rows);
  }

  private static TrainJob<TextBatch> job(TextClassifier model) {
    return new TrainJob<>(
        "student",
        model,
        Optional.empty(),
        Set.of(),
        LOSSES.terms(),
        DATA,
        new TrainSettings(
            1,
            200,
            1,
            1e-3,
            1,
            new Schedule.Constant(0),
            0,
            1,
            Precision.FP32,
            7,
            Optional.empty(),
            Keep.BEST,
            9),
        _ -> 0);
  }
}
