package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.TextBatch;
import dev.retort.data.TokenizedDataset;
import dev.retort.model.ForwardMode;
import dev.retort.model.Precision;
import dev.retort.model.TextClassifier;
import dev.retort.model.TokenBatches;
import dev.retort.objective.CrossEntropy;
import dev.retort.objective.ForwardKl;
import dev.retort.objective.ReverseKl;
import dev.retort.recipe.Source;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Gradients;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Seed;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import dev.retort.tensor.Workers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A student that is held to its own answers under another dropout.
class ConsistencyTest {

  private static final TokenizedDataset DATA = TinyTask.data(40, 1);
  private static final double ALPHA = 3;
  private static final Losses LOSSES =
      new Losses(
          List.of(
              new BoundTerm("cross-entropy", new CrossEntropy(0), 1),
              new BoundTerm("forward-kl", new ForwardKl(1), ALPHA / 2, new Source.Dropout(), 0),
              new BoundTerm("reverse-kl", new ReverseKl(1), ALPHA / 2, new Source.Dropout(), 0)));

  /// One text is one part, so that the dropout of both runs can be drawn here as well: `½ (CE₁ +
  /// CE₂) + α/4 (KL(p₁ ‖ p₂) + KL(p₂ ‖ p₁))`, with gradients through both runs.
  @Test
  void theGradientIsThatOfTheSymmetricLossThroughBothRuns() {
    long seed = 3;
    try (TextClassifier model = TinyTask.model(2, 1, 0.3)) {
      SequencedMap<String, Double> means = gradients(model, List.of(DATA.batch(5)), seed);
      List<float[]> ours = taken(model);

      try (Scope _ = Scope.open()) {
        Tensor logitsNV =
            model
                .forward(
                    TokenBatches.of(DATA.batch(5, 5)),
                    ForwardMode.train(Precision.FP32, Seed.derive(seed, 0)))
                .logitsNV();
        Tensor logP = Functions.logSoftmax(logitsNV, -1);
        Tensor first = logP.narrow(0, 0, 1);
        Tensor second = logP.narrow(0, 1, 1);
        Tensor symmetric = kl(first, second).plus(kl(second, first));
        long label = DATA.batch(5).labels()[0];
        Tensor labelled = logP.narrow(1, label, 1).sum().times(-0.5);
        Functions.backward(
            List.of(labelled.plus(symmetric.times(ALPHA / 4))), List.of(Tensors.scalar(1)));

        assertThat(symmetric.item()).isGreaterThan(1e-4);
        assertThat(means.get("forward-kl")).isCloseTo(symmetric.item() / 2, within(1e-6));
        assertThat(means.get("reverse-kl")).isCloseTo(symmetric.item() / 2, within(1e-6));
        assertThat(means.get("cross-entropy")).isCloseTo(labelled.item(), within(1e-5));
      }
      List<float[]> plain = taken(model);
      for (int i = 0; i < plain.size(); i++) {
        assertThat(ours.get(i)).containsExactly(plain.get(i), within(2e-6f));
      }
    }
  }

  @Test
  void bothThreadsCompareEachTextWithItself() {
    try (TextClassifier model = TinyTask.model(2, 1, 0)) {
      SequencedMap<String, Double> means =
          gradients(model, List.of(DATA.batch(0, 1, 2, 3, 4), DATA.batch(7)), 3);

      // Without dropout both runs are equal; another text's answers are far away.
      assertThat(means.get("forward-kl")).isCloseTo(0, within(1e-6));
      assertThat(means.get("reverse-kl")).isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void termsOfOneNameAreCountedApart() {
    Losses twins =
        new Losses(
            List.of(
                new BoundTerm("cross-entropy", new CrossEntropy(0), 1),
                new BoundTerm("cross-entropy", new CrossEntropy(0.5), 10)));
    SequencedMap<String, Double> means = new LinkedHashMap<>();
    means.put("cross-entropy", 2.0);
    means.put("cross-entropy (2)", 3.0);

    assertThat(twins.terms()).extracting(BoundTerm::name).containsExactlyElementsOf(means.keySet());
    assertThat(twins.total(means, 1)).isEqualTo(32);
  }

  private static Tensor kl(Tensor logP, Tensor logQ) {
    return logP.exp().times(logP.minus(logQ)).sum();
  }

  private static SequencedMap<String, Double> gradients(
      TextClassifier model, List<TextBatch> batches, long seed) {
    TrainJob<TextBatch> job =
        new TrainJob<>(
            "student",
            model,
            Optional.empty(),
            Set.of(),
            LOSSES.terms(),
            DATA,
            TinyTask.settings(1),
            _ -> 0);
    try (Workers workers = Workers.share(2);
        Shards<TextBatch> shards =
            new Shards<>(job, LOSSES, new MovingAverages<>(job, LOSSES), workers)) {
      return shards.gradients(DATA, batches, seed, 0);
    }
  }

  private static List<float[]> taken(TextClassifier model) {
    try (Scope _ = Scope.open()) {
      return model.parameters().all().stream().map(Tensor::grad).map(Tensor::toFloats).toList();
    } finally {
      Gradients.drop(model.parameters().all());
    }
  }
}
