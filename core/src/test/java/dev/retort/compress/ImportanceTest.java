package dev.retort.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.data.TokenizedDataset;
import dev.retort.model.EncoderNames;
import dev.retort.model.TextClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportanceTest {

  private static final TokenizedDataset TEXTS = Networks.texts(30, 2);

  @TempDir Path temporary;

  @Test
  void whatIsLoudestComesFirst() throws IOException {
    try (TextClassifier model = Networks.ofFamily("bert", temporary)) {
      louder(model, EncoderNames.layer(1, EncoderNames.INTERMEDIATE) + ".weight", 41, 42);
      louder(model, EncoderNames.layer(2, EncoderNames.VALUE) + ".weight", 16, 24);
      louder(model, EncoderNames.HEAD_DENSE + ".weight", 9, 10);
      for (String norm : new String[] {"embeddings.LayerNorm", norm(0), norm(1), norm(2)}) {
        Networks.edit(model, norm + ".weight", rows -> rows[0][21] = 30);
      }
      Importance importance = importance(model);

      assertThat(Importance.strongest(importance.neurons(1), 1)).containsExactly(41);
      assertThat(Importance.strongest(importance.heads(2), 1)).containsExactly(2);
      assertThat(Importance.strongest(importance.pooled(), 1)).containsExactly(9);
      assertThat(Importance.strongest(importance.channels(), 1)).containsExactly(21);
    }
  }

  private static String norm(int layer) {
    return EncoderNames.layer(layer, EncoderNames.OUTPUT_NORM);
  }

  private static void louder(TextClassifier model, String matrix, int from, int to) {
    Networks.edit(
        model,
        matrix,
        rows ->
            IntStream.range(from, to)
                .forEach(row -> {
                  for (int i = 0; i < rows[row].length; i++) {
                    rows[row][i] *= 200;
                  }
                }));
  }

  @Test
  void ofEqualsTheFirstStayAndAllStayInOrder() {
    assertThat(Importance.strongest(new double[] {1, 5, 3, 5, 3, 3}, 4))
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void paddingCountsInNothing() throws IOException {
    try (TextClassifier model = Networks.ofFamily("bert", temporary)) {
      Activations together = Activations.of(model, TEXTS);
      String module = EncoderNames.layer(1, EncoderNames.OUTPUT);
      Moments alone =
          IntStream.range(0, TEXTS.size())
              .mapToObj(row -> Activations.of(model, TEXTS.subset(row)).of(module))
              .reduce(Moments::plus)
              .orElseThrow();

      assertThat(together.of(module).rows()).isEqualTo(TEXTS.tokens());
      assertThat(together.of(EncoderNames.HEAD_OUTPUT).rows()).isEqualTo(TEXTS.size());
      assertThat(together.of(module).meanMagnitudes())
          .containsExactly(alone.meanMagnitudes(), within(1e-5));
      assertThat(together.of(module).meanSquares())
          .containsExactly(alone.meanSquares(), within(1e-5));
    }
  }

  @Test
  void normalisationsAreSeenBeforeGainAndBias() throws IOException {
    try (TextClassifier model = Networks.ofFamily("bert", temporary)) {
      Networks.edit(model, norm(0) + ".weight", rows -> rows[0][5] = 100);
      double[] squares = Activations.of(model, TEXTS).of(norm(0)).meanSquares();

      assertThat(IntStream.range(0, 32).mapToDouble(i -> squares[i]).sum())
          .isCloseTo(32, within(1e-3));
    }
  }

  private static Importance importance(TextClassifier model) {
    return new Importance(Activations.of(model, TEXTS), model.config(), model.head());
  }
}
