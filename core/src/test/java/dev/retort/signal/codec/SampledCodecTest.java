package dev.retort.signal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.objective.ForwardKl;
import dev.retort.objective.Rows;
import dev.retort.signal.Distribution;
import dev.retort.signal.Distribution.Sampled;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampledCodecTest {

  private static final int N = 6;

  private final Scope scope = Scope.open();

  @AfterEach
  void free() {
    scope.close();
  }

  @ParameterizedTest
  @CsvSource({"2,1", "2,50", "100,7", "2000,50", "70000,1000"})
  void everyRowHasSharesOfAllDraws(int vocabulary, int draws) {
    SampledCodec codec = new SampledCodec(draws, 2, vocabulary, 1);
    Tensor logitsNV = TopKCodecTest.logits(vocabulary, 7);

    Sampled decoded = roundTrip(codec, logitsNV, seeds(0));

    assertThat(decoded.temperature()).isEqualTo(2);
    int width = (int) decoded.idsNK().size(1);
    double[] ids = decoded.idsNK().toDoubles();
    double[] weights = decoded.weightsNK().toDoubles();
    for (int row = 0; row < N; row++) {
      Set<Double> seen = new HashSet<>();
      double sum = 0;
      for (int i = row * width; i < (row + 1) * width; i++) {
        assertThat(ids[i]).isBetween(0.0, vocabulary - 1.0);
        assertThat(seen.add(ids[i])).isTrue();
        assertThat(weights[i] * draws).isCloseTo(Math.rint(weights[i] * draws), within(1e-3));
        sum += weights[i];
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void drawsFollowFromTheSeedOfTheRowAlone() {
    SampledCodec codec = new SampledCodec(20, 1, 100, 1);
    Tensor logitsNV = TopKCodecTest.logits(100, 7);
    List<EncodedRow> rows = codec.encode(logitsNV, seeds(0));

    List<EncodedRow> tail = codec.encode(logitsNV.narrow(0, 2, 4), new long[] {2, 3, 4, 5});

    for (int row = 0; row < 4; row++) {
      assertThat(tail.get(row).bytes()).isEqualTo(rows.get(row + 2).bytes());
    }
    assertThat(codec.encode(logitsNV, seeds(9)).getFirst().bytes())
        .isNotEqualTo(rows.getFirst().bytes());
    assertThat(new SampledCodec(20, 1, 100, 2).encode(logitsNV, seeds(0)).getFirst().bytes())
        .isNotEqualTo(rows.getFirst().bytes());
  }

  /// Every component of the gradient, by its own standard error over many captures.
  @Test
  void theMeanGradientIsThatOfTheWholeDistribution() {
    int vocabulary = 30;
    ForwardKl objective = new ForwardKl(2);
    Tensor teacherNV = TopKCodecTest.logits(vocabulary, 7);
    Tensor studentNV = TopKCodecTest.logits(vocabulary, 8);
    double[] dense = gradient(objective, studentNV, new Distribution.Dense(teacherNV));
    SampledCodec codec = new SampledCodec(5, 2, vocabulary, 3);
    int captures = 2000;
    double[] sum = new double[dense.length];
    double[] squares = new double[dense.length];
    for (int capture = 0; capture < captures; capture++) {
      try (Scope _ = Scope.open()) {
        double[] drawn =
            gradient(objective, studentNV, roundTrip(codec, teacherNV, seeds(100L * capture)));
        for (int i = 0; i < drawn.length; i++) {
          sum[i] += drawn[i];
          squares[i] += drawn[i] * drawn[i];
        }
      }
    }
    double chiSquare = 0;
    int components = 0;
    for (int i = 0; i < dense.length; i++) {
      double mean = sum[i] / captures;
      double error = Math.sqrt(Math.max(0, squares[i] / captures - mean * mean) / captures);
      if (error > 1e-4) {
        chiSquare += Math.pow((mean - dense[i]) / error, 2);
        components++;
      } else {
        assertThat(mean).isCloseTo(dense[i], within(2e-3));
      }
    }
    // Near its number of components, with a deviation of √2 for each.
    assertThat(components).isGreaterThan(60);
    assertThat(chiSquare)
        .isBetween(
            components - 5 * Math.sqrt(2.0 * components),
            components + 5 * Math.sqrt(2.0 * components));
  }

  /// Against the plain definition.
  @Test
  void theErrorIsTheDivergenceOfTheDraws() {
    SampledCodec codec = new SampledCodec(50, 2, 40, 1);
    Tensor logitsNV = TopKCodecTest.logits(40, 3);
    double[][] p = TopKCodecTest.probabilities(logitsNV, 2);
    Sampled decoded = roundTrip(codec, logitsNV, seeds(0));
    int width = (int) decoded.idsNK().size(1);
    double[] ids = decoded.idsNK().toDoubles();
    double[] weights = decoded.weightsNK().toDoubles();

    List<EncodedRow> rows = codec.encode(logitsNV, seeds(0));

    for (int row = 0; row < N; row++) {
      double kl = 0;
      for (int i = row * width; i < (row + 1) * width; i++) {
        kl += weights[i] == 0 ? 0 : weights[i] * Math.log(weights[i] / p[row][(int) ids[i]]);
      }
      assertThat(rows.get(row).error()).isCloseTo(kl, within(1e-5));
    }
  }

  /// The bias of a plug-in entropy: (tokens with mass − 1) / 2n.
  @Test
  void theMeanErrorIsThatOfTheDrawsOfAnEvenTeacher() {
    SampledCodec codec = new SampledCodec(500, 1, 11, 1);
    Tensor evenNV = Tensors.zeros(400, 11);
    long[] seeds = new long[400];
    Arrays.setAll(seeds, row -> row);

    double mean =
        codec.encode(evenNV, seeds).stream().mapToDouble(EncodedRow::error).average().orElseThrow();

    assertThat(mean).isCloseTo(10 / 1000.0, within(0.0012));
  }

  @Test
  void refusesWhatItCannotHold() {
    assertThatThrownBy(() -> new SampledCodec(0, 1, 40, 1)).hasMessageContaining("0 draws");
    SampledCodec codec = new SampledCodec(3, 1, 50, 1);
    assertThatThrownBy(() -> codec.encode(TopKCodecTest.logits(40, 1), seeds(0)))
        .hasMessageContaining("rows of 40 logits, but a vocabulary of 50");
    assertThatThrownBy(() -> codec.decode(ByteBuffer.allocate(0), 1))
        .hasMessageContaining("end in the middle");
  }

  private static double[] gradient(ForwardKl objective, Tensor studentNV, Distribution teacher) {
    Rows rows = new Rows(studentNV, Optional.of(teacher), Tensors.of(new long[N], N));
    return objective.lossAndGradient(rows).gradientNV().toDoubles();
  }

  private static Sampled roundTrip(SampledCodec codec, Tensor logitsNV, long[] seeds) {
    List<EncodedRow> rows = codec.encode(logitsNV, seeds);
    ByteBuffer bytes = ByteBuffer.allocate(rows.stream().mapToInt(row -> row.bytes().length).sum());
    rows.forEach(row -> bytes.put(row.bytes()));
    return codec.decode(bytes.flip(), rows.size());
  }

  private static long[] seeds(long first) {
    long[] seeds = new long[N];
    Arrays.setAll(seeds, row -> first + row);
    return seeds;
  }
}
