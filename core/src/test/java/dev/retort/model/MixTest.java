package dev.retort.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.TextBatch;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixTest {

  private static final int FREE = 119;

  @TempDir Path root;

  /// Beta(α, α) has the mean 1/2 and the variance 1 / (4 · (2α + 1)).
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.4, 1, 3})
  void sharesHaveTheMomentsOfTheirDistribution(double alpha) {
    Random random = new Random(5);
    double[] shares =
        DoubleStream.generate(() -> Mix.draw(2, alpha, random).share()).limit(20_000).toArray();

    double mean = DoubleStream.of(shares).average().orElseThrow();
    double variance =
        DoubleStream.of(shares).map(share -> (share - mean) * (share - mean)).average().orElse(0);
    assertThat(DoubleStream.of(shares)).allMatch(share -> share >= 0 && share <= 1);
    assertThat(mean).isCloseTo(0.5, within(0.015));
    assertThat(variance).isCloseTo(1 / (4 * (2 * alpha + 1)), within(0.005));
  }

  @Test
  void everyRowIsPartnerOnce() {
    Mix mix = Mix.draw(50, 1, new Random(5));

    assertThat(LongStream.of(mix.partners()).sorted().toArray()).containsExactly(range(50));
    assertThat(mix.partners()).isNotEqualTo(range(50));
    assertThat(Mix.draw(50, 1, new Random(5))).isEqualTo(mix);
  }

  @Test
  void rowsAreMixedAndMasksJoined() {
    try (Scope _ = Scope.open()) {
      Mix mix = new Mix(new long[] {2, 0, 1}, 0.75);
      Tensor x = Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
      Tensor mask = Tensors.of(new long[] {1, 1, 1, 0, 0, 0}, 3, 2);

      assertThat(mix.of(x).toFloats()).containsExactly(2, 3, 2.5f, 3.5f, 4.5f, 5.5f);
      assertThat(mix.union(mask).to(x.dtype()).toFloats()).containsExactly(1, 1, 1, 1, 1, 0);
    }
  }

  /// A token whose vector is the mixture of two others reads as these two do mixed.
  @Test
  void aMixedTextIsOneOfMixedVectors() throws IOException {
    Mix mix = new Mix(new long[] {1, 0}, 0.3);
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open();
        TextClassifier model = model()) {
      Tensor wordsVD = model.parameters().get(EncoderNames.WORD).detach();
      for (int token = 0; token < 3; token++) {
        Tensor first = wordsVD.select(0, new long[] {10, 11, 12}[token]);
        Tensor second = wordsVD.select(0, new long[] {20, 21, 22}[token]);
        wordsVD.select(0, FREE - token).setInPlace(mix.between(first, second));
      }
      TextBatch two = batch(2, 10, 11, 12, 20, 21, 22);
      TextBatch one = batch(1, FREE, FREE - 1, FREE - 2);

      float[] mixed = model.forward(two, mode(mix)).pooledND().select(0, 0).toFloats();

      assertThat(mixed)
          .containsExactly(
              model.forward(one, ForwardMode.EVALUATE).pooledND().toFloats(), within(1e-5f));
      assertThat(mixed)
          .isNotEqualTo(model.forward(two, ForwardMode.EVALUATE).pooledND().toFloatRows()[0]);
    }
  }

  /// At λ = 1 a text is as it is, but for what the other has where it ends; at λ = 0 it is the
  /// other.
  @Test
  void theEndsAreTheTextsThemselves() throws IOException {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open();
        TextClassifier model = model()) {
      TextBatch two = batch(2, 10, 11, 12, 20, 21, 22);
      float[][] plain = model.forward(two, ForwardMode.EVALUATE).pooledND().toFloatRows();
      long[] partners = {1, 0};

      float[][] own = model.forward(two, mode(new Mix(partners, 1))).pooledND().toFloatRows();
      float[][] other = model.forward(two, mode(new Mix(partners, 0))).pooledND().toFloatRows();

      for (int row = 0; row < 2; row++) {
        assertThat(own[row]).containsExactly(plain[row], within(1e-5f));
        assertThat(other[row]).containsExactly(plain[1 - row], within(1e-5f));
      }
    }
  }

  @Test
  void aMixtureIsAsLongAsTheLongerText() throws IOException {
    try (Scope _ = Scope.open();
        NoGrad _ = NoGrad.open();
        TextClassifier model = model()) {
      TextBatch whole = batch(2, 10, 11, 12, 20, 0, 0);
      long[] mask = {1, 1, 1, 1, 0, 0};
      TextBatch two =
          new TextBatch(whole.rows(), 3, whole.ids(), whole.typeIds(), mask, whole.labels());
      float[] longer = model.forward(two, ForwardMode.EVALUATE).pooledND().toFloatRows()[0];

      float[][] other =
          model.forward(two, mode(new Mix(new long[] {1, 0}, 0))).pooledND().toFloatRows();

      assertThat(other[1]).containsExactly(longer, within(1e-5f));
    }
  }

  private static ForwardMode mode(Mix mix) {
    return ForwardMode.EVALUATE.mixing(Optional.of(mix));
  }

  private TextClassifier model() throws IOException {
    for (String file : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(Path.of("src/test/resources/parity/minilm", file), root.resolve(file));
    }
    Files.copy(
        Path.of("src/test/resources/parity/tokenizer/tokenizer.json"),
        root.resolve("tokenizer.json"));
    return ModelWeights.embedder(ModelFolder.read(root));
  }

  private static TextBatch batch(int rows, long... ids) {
    long[] mask = LongStream.generate(() -> 1).limit(ids.length).toArray();
    return new TextBatch(
        new int[rows], ids.length / rows, ids, new long[ids.length], mask, new int[rows]);
  }

  private static long[] range(int count) {
    return LongStream.range(0, count).toArray();
  }
}
