package dev.retort.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.Finding;
import dev.retort.model.decoder.PretrainedDecoder;
import dev.retort.recipe.GenerationPlan;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryEstimateTest {

  @TempDir Path root;

  private TinyLanguageRun tiny = new TinyLanguageRun(Path.of(""));

  @BeforeEach
  void writeModelAndData() throws IOException {
    tiny = TinyLanguageRun.in(root);
  }

  /// Counted by hand: three layers of 32 x (2·32 + 2·16) + 3·32·48 = 7,680 weights, of which the
  /// student has two, and a head of 120 x 32 that is the embedding, too.
  @Test
  void weightsGradientsAndMomentsAreCounted() throws IOException {
    MemoryEstimate estimate = of();

    assertThat(estimate.teacher()).isEqualTo(4.0 * (3 * 7680 + 3840));
    assertThat(estimate.student()).isEqualTo(20.0 * (2 * 7680 + 3840));
    assertThat(estimate.total())
        .isGreaterThan(estimate.teacher() + estimate.student() + estimate.states());
  }

  @Test
  void aNarrowRunKeepsCastWeightsToo() throws IOException {
    MemoryEstimate narrow = of("train.precision=bf16");

    assertThat(narrow.teacher()).isEqualTo(6.0 * (3 * 7680 + 3840));
    assertThat(narrow.student()).isEqualTo(20.0 * (2 * 7680 + 3840) + 4 * 2 * 7680);
  }

  /// Seven adapters in each of two layers: 4 x (2·(32 + 32) + 2·(16 + 32) + 3·(32 + 48)) weights.
  @Test
  void frozenWeightsHaveNeitherGradientsNorMoments() throws IOException {
    String lora = "student={layers: [0, 2], lora: {rank: 4}}";

    assertThat(of(lora).student()).isEqualTo(4.0 * (2 * 7680 + 3840) + 20 * 2 * 1856);
    assertThat(of(lora, "train.precision=bf16").student())
        .isEqualTo(2.0 * (2 * 7680 + 3840) + 20 * 2 * 1856);
  }

  @Test
  void statesGrowWithTheTokensOfAStep() throws IOException {
    double single = of().states();

    assertThat(of("train.batchTokens=800").states()).isCloseTo(2 * single, within(1.0));
    assertThat(of("teacher.maxLength=48").states()).isGreaterThan(single);
  }

  /// One of two layers exists at a time, and three states of 32 numbers for each of 400 tokens.
  @Test
  void layersThatAreComputedAgainExistOneAtATime() throws IOException {
    String again = "train.gradientCheckpointing=true";

    assertThat(of(again).states()).isCloseTo(of().states() / 2 + 4 * 3 * 32 * 400, within(1.0));
    assertThat(of(again, "train.precision=bf16").student())
        .isEqualTo(20.0 * (2 * 7680 + 3840) + 4 * 7680);
  }

  @Test
  void whatDoesNotFitIsAWarning() throws IOException {
    Finding fits = of().finding();
    Finding tooMuch = of("train.batchTokens=2000000000").finding();

    assertThat(fits.severity()).isEqualTo(Finding.Severity.INFO);
    assertThat(fits.toString()).contains("memory: about 0.8 GB (teacher 0.0");
    assertThat(tooMuch.severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(tooMuch.toString()).contains("GB to spare; lower train.batchTokens");
  }

  private MemoryEstimate of(String... overrides) throws IOException {
    return MemoryEstimate.of(
        GenerationPlan.of(tiny.recipe(overrides), PretrainedDecoder.read(root.resolve("model"))));
  }
}
