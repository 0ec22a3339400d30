package dev.retort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import dev.retort.data.Target;
import dev.retort.model.ForwardMode;
import dev.retort.model.NetworkOutput;
import dev.retort.model.Precision;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.GoldenDecoders;
import dev.retort.objective.CrossEntropy;
import dev.retort.recipe.Source;
import dev.retort.teacher.Question;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Gradients;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Workers;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The loss of distilling step by step: α · mean over the tokens of answers + (1 − α) · mean over
/// those of reasons, each over its own tokens of the whole step.
class StepByStepLossTest {

  private static final double ALPHA = 0.3;
  private static final SequenceDataset TEXTS = LanguageModelTrainingTest.DATA;

  /// The first twenty texts are answers; the others, reasons.
  private static final SequenceDataset DATA =
      new SequenceDataset(TEXTS.sequences().subList(0, 20))
          .and(new SequenceDataset(TEXTS.sequences().subList(20, 40)).saying(Target.RATIONALE));

  private static final List<BoundTerm> TERMS =
      List.of(term("label", ALPHA, Target.LABEL), term("rationale", 1 - ALPHA, Target.RATIONALE));

  private final Losses losses = new Losses(TERMS);

  private static BoundTerm term(String name, double weight, Target target) {
    return new BoundTerm(
        name, new CrossEntropy(0), weight, new Source.Teacher(), 0, Optional.of(target));
  }

  @Test
  void eachTermIsTheMeanOverItsOwnTokens() throws IOException {
    // One answer among three reasons: weighing all tokens alike would all but drop it.
    SequenceBatch batch = DATA.batch(1, 21, 22, 23);
    try (CausalLanguageModel student = GoldenDecoders.model("gpt2");
        Scope _ = Scope.open()) {
      NetworkOutput output = student.forward(batch, ForwardMode.EVALUATE);
      double[] lossN = byHand(output, batch);
      long answers = DATA.sequences().get(1).learnt().cardinality();
      double label = 0;
      double rationale = 0;
      for (int row = 0; row < lossN.length; row++) {
        label += row < answers ? lossN[row] / answers : 0;
        rationale += row < answers ? 0 : lossN[row] / (lossN.length - answers);
      }

      long[] counts = losses.counts(List.of(batch));
      SequencedMap<String, Double> means =
          losses.backward(output, Map.of(), new Question<>(DATA, batch), counts, 1);

      assertThat(counts).containsExactly(answers, lossN.length - answers);
      assertThat(means.get("label")).isCloseTo(label, within(1e-5));
      assertThat(means.get("rationale")).isCloseTo(rationale, within(1e-5));
      assertThat(losses.total(means, 1))
          .isCloseTo(ALPHA * label + (1 - ALPHA) * rationale, within(1e-5));
      double[] sums = losses.sums(output, Map.of(), batch);
      assertThat(sums[0] / counts[0]).isCloseTo(label, within(1e-5));
      assertThat(sums[1] / counts[1]).isCloseTo(rationale, within(1e-5));
      Gradients.drop(student.parameters().all());
    }
  }

  /// −log q of every token that follows, from all logits at once.
  private static double[] byHand(NetworkOutput output, SequenceBatch batch) {
    Tensor logitsNV = output.head().orElseThrow().logits(output.pooledND());
    Tensor logQNV = Functions.logSoftmax(logitsNV, -1);
    double[] all = logQNV.toDoubles();
    int width = Math.toIntExact(logQNV.size(1));
    double[] lossN = new double[batch.labels().length];
    for (int row = 0; row < lossN.length; row++) {
      lossN[row] = -all[row * width + batch.labels()[row]];
    }
    return lossN;
  }

  /// A term whose tokens are selected before the head has the gradient of one that masks labels.
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void theGradientIsThatOfMaskedLabels(String family) throws IOException {
    SequenceBatch batch = DATA.batch(1, 21, 2, 22);
    long[] counts = losses.counts(List.of(batch));
    Question<SequenceBatch> question = new Question<>(DATA, batch);
    try (CausalLanguageModel student = GoldenDecoders.model(family)) {
      try (Scope _ = Scope.open()) {
        losses.backward(
            student.forward(batch, ForwardMode.EVALUATE), Map.of(), question, counts, 1);
      }
      Map<String, float[]> selected = LanguageModelTrainingTest.taken(student);
      try (Scope _ = Scope.open()) {
        NetworkOutput behind = student.forward(batch, ForwardMode.EVALUATE);
        NetworkOutput dense =
            new NetworkOutput(
                Optional.of(behind.head().orElseThrow().logits(behind.pooledND())),
                behind.pooledND(),
                Optional.empty());
        losses.backward(dense, Map.of(), question, counts, 1);
      }
      LanguageModelTrainingTest.taken(student)
          .forEach((name, gradient) ->
              assertThat(selected.get(name)).as(name).containsExactly(gradient, within(1e-5f)));
    }
  }

  /// Whatever is computed together, and whether or not a micro-batch has both kinds.
  @Test
  void microBatchesDoNotChangeTheGradient() throws IOException {
    try (CausalLanguageModel student = GoldenDecoders.model("gpt2")) {
      Map<String, float[]> together = gradient(student, List.of(DATA.batch(1, 2, 21, 22, 23)));
      Map<String, float[]> mixed =
          gradient(student, List.of(DATA.batch(23, 1), DATA.batch(22), DATA.batch(2, 21)));
      Map<String, float[]> apart =
          gradient(student, List.of(DATA.batch(1, 2), DATA.batch(21, 22, 23)));

      together.forEach((name, gradient) -> {
        assertThat(mixed.get(name)).as(name).containsExactly(gradient, within(1e-5f));
        assertThat(apart.get(name)).as(name).containsExactly(gradient, within(1e-5f));
      });
    }
  }

  private Map<String, float[]> gradient(
      CausalLanguageModel student, List<SequenceBatch> microBatches) {
    TrainJob<SequenceBatch> job =
        new TrainJob<>(
            "student",
            student,
            Optional.empty(),
            Set.of(),
            TERMS,
            DATA,
            TinyTask.settings(1),
            new LossScore<>(
                DATA, LanguageModelTrainingTest.teacher(student), Set.of(), TERMS, Precision.FP32));
    try (Workers workers = Workers.share(2);
        Shards<SequenceBatch> shards =
            new Shards<>(job, losses, new MovingAverages<>(job, losses), workers)) {
      shards.gradients(DATA, microBatches, 3, 1);
    }
    return LanguageModelTrainingTest.taken(student);
  }
}
