package dev.retort.signal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.signal.Distribution.TopK;
import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopKCodecTest {

  private static final int N = 6;

  private final Scope scope = Scope.open();

  @AfterEach
  void free() {
    scope.close();
  }

  /// Rows from nearly even to nearly certain, over vocabularies whose ids need 1, 7, 11 and 17
  /// bits.
  @ParameterizedTest
  @CsvSource({"2,1,1", "100,5,1", "100,100,2", "2000,15,0.5", "2000,64,4", "70000,15,1"})
  void likeliestTokensComeBackInOrderWithTheirProbabilities(int vocabulary, int k, double t) {
    TopKCodec codec = new TopKCodec(k, t, vocabulary);
    Tensor logitsNV = logits(vocabulary, 7);
    double[][] p = probabilities(logitsNV, t);

    TopK decoded = roundTrip(codec, logitsNV);

    assertThat(decoded.temperature()).isEqualTo(t);
    double[] ids = decoded.idsNK().toDoubles();
    double[] kept = decoded.logProbsNK().exp().toDoubles();
    for (int row = 0; row < N; row++) {
      double[] sorted = Arrays.stream(p[row]).sorted().toArray();
      double trueTail = Arrays.stream(sorted).limit(vocabulary - k).sum();
      double allowed = allowed(trueTail);
      double tail = 1;
      for (int i = 0; i < k; i++) {
        double probability = p[row][(int) ids[row * k + i]];
        assertThat(probability).isEqualTo(sorted[vocabulary - 1 - i]);
        allowed += allowed(probability);
        tail -= kept[row * k + i];
      }
      double likeliest = Math.max(trueTail, sorted[vocabulary - 1]);
      for (int i = 0; i < k; i++) {
        double probability = sorted[vocabulary - 1 - i];
        assertThat(kept[row * k + i])
            .isCloseTo(
                probability, within(probability == likeliest ? allowed : allowed(probability)));
      }
      assertThat(tail)
          .isCloseTo(trueTail, within(trueTail == likeliest ? allowed : allowed(trueTail)));
    }
    assertThat(Arrays.stream(ids).boxed().distinct().count()).isGreaterThanOrEqualTo(k);
  }

  /// The error of a probability whose logarithm is rounded to 1/1024 nat.
  private static double allowed(double probability) {
    return 1.001 * probability / 2048 + 2e-7;
  }

  /// A tail far below what 1 minus the rest could tell.
  @Test
  void aSmallTailKeepsItsSize() {
    Tensor logitsNV = Tensors.of(new float[] {20, 19, 0, 0, 1, 0}, 1, 6);
    double tail = Arrays.stream(probabilities(logitsNV, 1)[0]).sorted().limit(4).sum();
    byte[] bytes = new TopKCodec(2, 1, 6).encode(logitsNV, new long[1]).getFirst().bytes();

    // Two ids of 3 bits, then the logarithm of the tail.
    int units =
        ((bytes[0] & 0xFF) | (bytes[1] & 0xFF) << 8 | (bytes[2] & 0xFF) << 16) >> 6 & 0x7FFF;

    assertThat(tail).isLessThan(1e-7);
    assertThat(-units / 1024.0).isCloseTo(Math.log(tail), within(6e-4));
  }

  @ParameterizedTest
  @CsvSource({"49152,15,59", "151936,15,62", "262144,15,62", "49152,16,63", "2,1,3"})
  void aRowHasTheBytesThatAreSaid(int vocabulary, int k, int bytes) {
    assertThat(new TopKCodec(k, 1, vocabulary).rowBytes()).isEqualTo(bytes);
  }

  @Test
  void rowsHaveThatManyBytes() {
    TopKCodec codec = new TopKCodec(15, 1, 2000);

    assertThat(codec.encode(logits(2000, 1), new long[N]))
        .extracting(row -> row.bytes().length)
        .containsOnly(codec.rowBytes());
  }

  /// Against the plain definition: what is decoded, its tail spread evenly.
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 39, 40})
  void theErrorIsTheDivergenceOfWhatIsStored(int k) {
    TopKCodec codec = new TopKCodec(k, 2, 40);
    Tensor logitsNV = logits(40, 3);
    double[][] p = probabilities(logitsNV, 2);
    TopK decoded = roundTrip(codec, logitsNV);
    double[] ids = decoded.idsNK().toDoubles();
    double[] kept = decoded.logProbsNK().toDoubles();

    List<EncodedRow> rows = codec.encode(logitsNV, new long[N]);

    for (int row = 0; row < N; row++) {
      double[] q = new double[40];
      Arrays.fill(q, -1);
      double tail = 1;
      for (int i = 0; i < k; i++) {
        q[(int) ids[row * k + i]] = Math.exp(kept[row * k + i]);
        tail -= Math.exp(kept[row * k + i]);
      }
      double kl = 0;
      for (int id = 0; id < 40; id++) {
        double stored = q[id] < 0 ? tail / (40 - k) : q[id];
        kl += p[row][id] * Math.log(p[row][id] / stored);
      }
      assertThat(rows.get(row).error()).isCloseTo(kl, within(2e-6 + 1e-3 * kl));
      assertThat(rows.get(row).error()).isGreaterThan(-1e-6);
    }
  }

  /// What rounding alone costs, where every token is named.
  @Test
  void roundingCostsNextToNothing() {
    List<EncodedRow> rows = new TopKCodec(2000, 1, 2000).encode(logits(2000, 5), new long[N]);

    assertThat(rows).allSatisfy(row -> assertThat(row.error()).isBetween(-1e-6, 1e-6));
  }

  @Test
  void refusesWhatItCannotHold() {
    assertThatThrownBy(() -> new TopKCodec(41, 1, 40)).hasMessageContaining("top 41 of 40");
    assertThatThrownBy(() -> new TopKCodec(4, 0, 40)).hasMessageContaining("temperature 0.0");
    TopKCodec codec = new TopKCodec(4, 1, 50);
    assertThatThrownBy(() -> codec.encode(logits(40, 1), new long[N]))
        .hasMessageContaining("rows of 40 logits, but a vocabulary of 50");
    assertThatThrownBy(() -> codec.decode(ByteBuffer.allocate(codec.rowBytes() - 1), 1))
        .hasMessageContaining("end in the middle");
    assertThatThrownBy(() -> codec.decode(ByteBuffer.allocate(codec.rowBytes() + 1), 1))
        .hasMessageContaining("1 bytes are left");
  }

  static TopK roundTrip(TopKCodec codec, Tensor logitsNV) {
    List<EncodedRow> rows = codec.encode(logitsNV, new long[(int) logitsNV.size(0)]);
    ByteBuffer bytes = ByteBuffer.allocate(rows.stream().mapToInt(row -> row.bytes().length).sum());
    rows.forEach(row -> bytes.put(row.bytes()));
    return codec.decode(bytes.flip(), rows.size());
  }

  /// Each row is more peaked than the one before.
  static Tensor logits(int vocabulary, long seed) {
    Random random = new Random(seed);
    float[] logits = new float[N * vocabulary];
    for (int i = 0; i < logits.length; i++) {
      int row = i / vocabulary;
      logits[i] = (float) ((0.2 + row) * random.nextGaussian());
    }
    return Tensors.of(logits, N, vocabulary);
  }

  static double[][] probabilities(Tensor logitsNV, double temperature) {
    int width = (int) logitsNV.size(1);
    double[] flat =
        Functions.softmax(logitsNV.to(DType.FLOAT64).times(1 / temperature), -1).toDoubles();
    double[][] rows = new double[flat.length / width][];
    Arrays.setAll(rows, row -> Arrays.copyOfRange(flat, row * width, (row + 1) * width));
    return rows;
  }
}
