package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.signal.Distribution;
import dev.retort.signal.Distribution.TopK;
import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ForwardKlTest implements DivergenceContract {

  @Override
  public DivergenceObjective objective() {
    return new ForwardKl(2);
  }

  @Nested
  class AtTemperatureOne implements DivergenceContract {
    @Override
    public DivergenceObjective objective() {
      return new ForwardKl(1);
    }
  }

  @Test
  void isExactlyZeroWhereTheStudentIsTheTeacherPlusAConstant() {
    double[] teacher = RowObjectiveContract.logits(7);
    double[] student = Arrays.stream(teacher).map(x -> x + 11).toArray();
    RowLoss loss =
        objective()
            .lossAndGradient(
                RowObjectiveContract.rows(student, teacher, RowObjectiveContract.labels()));

    assertThat(loss.sum().item()).isCloseTo(0, within(1e-13));
    assertThat(loss.gradientNV().toDoubles()).containsOnly(new double[] {0}, within(1e-13));
  }

  /// The T² keeps the gradient's size: 0.7486 of it at T = 4, not 0.0468.
  @Test
  void gradientNormBarelyDependsOnTheTemperature() {
    double[] teacher = {2.0, 1.0, 0.1, -1.0, 0.5};
    double[] student = {1.0, 1.5, 0.0, -0.5, 0.2};
    double[] atOne = gradient(1, student, teacher);
    double[] atFour = gradient(4, student, teacher);

    assertThat(norm(atFour) / norm(atOne)).isCloseTo(0.7486, within(1e-4));
    assertThat(atOne)
        .containsExactly(
            new double[] {-0.2874734588, 0.2414444936, 0.0161808938, 0.0326759589, -0.0028278875},
            within(1e-10));
  }

  @Test
  void topKOfEverythingEqualsDense() {
    Tensor student = Tensors.of(RowObjectiveContract.logits(1), N, V);
    Tensor teacher = Tensors.of(RowObjectiveContract.logits(2), N, V);
    RowLoss dense = loss(student, new Distribution.Dense(teacher));

    RowLoss topK = loss(student, topK(teacher, V, 2));

    // The tail bucket of a complete list holds 1e-7 of the mass, by the guard of its logarithm.
    assertThat(topK.sum().item()).isCloseTo(dense.sum().item(), within(1e-5));
    assertThat(topK.gradientNV().toDoubles())
        .containsExactly(dense.gradientNV().toDoubles(), within(1e-5));
  }

  @Test
  void topKIsALowerBoundAndNeverNegative() {
    Tensor student = Tensors.of(RowObjectiveContract.logits(1), N, V);
    Tensor teacher = Tensors.of(RowObjectiveContract.logits(2), N, V);
    double dense = loss(student, new Distribution.Dense(teacher)).sum().item();
    for (int k = 1; k < V; k++) {
      assertThat(loss(student, topK(teacher, k, 2)).sum().item()).isBetween(0.0, dense);
    }
  }

  /// A sample of every entry with its own probability is the distribution.
  @Test
  void aSampleOfEverythingIsTheWhole() {
    Tensor student = Tensors.of(RowObjectiveContract.logits(1), N, V);
    Tensor teacher = Tensors.of(RowObjectiveContract.logits(2), N, V);
    RowLoss dense = loss(student, new Distribution.Dense(teacher));
    RowLoss sampled = loss(student, everyEntry(teacher));

    assertThat(sampled.sum().item()).isCloseTo(dense.sum().item(), within(1e-10));
    assertThat(sampled.gradientNV().toDoubles())
        .containsExactly(dense.gradientNV().toDoubles(), within(1e-10));
  }

  @Test
  void theGradientOfASampleIsThatOfThePlainDefinition() {
    Tensor leaf = Tensors.of(RowObjectiveContract.logits(1), N, V).requiresGrad();
    Distribution.Sampled sample = fewDraws();
    objective().sum(rows(leaf, sample)).backward();

    assertThat(loss(leaf.detach(), sample).gradientNV().toDoubles())
        .containsExactly(leaf.grad().toDoubles(), within(1e-10));
  }

  /// The mean gradient of many samples is the gradient of the distribution they were drawn from.
  @Test
  void samplesAreUnbiased() {
    Tensor student = Tensors.of(RowObjectiveContract.logits(1), N, V);
    Tensor teacher = Tensors.of(RowObjectiveContract.logits(2), N, V);
    double[] expected = loss(student, new Distribution.Dense(teacher)).gradientNV().toDoubles();
    Random random = new Random(3);
    int draws = 4000;
    double[] mean = new double[N * V];
    double[] probabilities = Functions.softmax(teacher.times(0.5), -1).toDoubles();
    for (int draw = 0; draw < draws; draw++) {
      double[] gradient = loss(student, drawn(probabilities, random)).gradientNV().toDoubles();
      for (int i = 0; i < mean.length; i++) {
        mean[i] += gradient[i] / draws;
      }
    }
    assertThat(mean).containsExactly(expected, within(0.06));
  }

  /// One entry for each row, drawn from `probabilities`.
  private static Distribution.Sampled drawn(double[] probabilities, Random random) {
    long[] ids = new long[N];
    for (int row = 0; row < N; row++) {
      double left = random.nextDouble();
      int entry = 0;
      while (entry < V - 1 && left >= probabilities[row * V + entry]) {
        left -= probabilities[row * V + entry++];
      }
      ids[row] = entry;
    }
    return new Distribution.Sampled(Tensors.of(ids, N, 1), Tensors.ones(N, 1).to(DType.FLOAT64), 2);
  }

  private static Distribution.Sampled everyEntry(Tensor teacher) {
    long[] ids = new long[N * V];
    Arrays.setAll(ids, i -> i % V);
    return new Distribution.Sampled(
        Tensors.of(ids, N, V), Functions.softmax(teacher.times(0.5), -1), 2);
  }

  /// Two entries, of which the second row has only one.
  private static Distribution.Sampled fewDraws() {
    double[] weights = {0.25, 0.75, 1, 0, 0.5, 0.5, 0.25, 0.75};
    long[] ids = {0, 3, 1, 2, 4, 0, 2, 1};
    return new Distribution.Sampled(Tensors.of(ids, N, 2), Tensors.of(weights, N, 2), 2);
  }

  @Test
  void refusesATemperatureThatIsNotPositive() {
    assertThatThrownBy(() -> new ForwardKl(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("temperature must be > 0");
  }

  private static double[] gradient(double temperature, double[] student, double[] teacher) {
    return new ForwardKl(temperature)
        .lossAndGradient(RowObjectiveContract.rows(student, teacher, new long[] {0}))
        .gradientNV()
        .toDoubles();
  }

  private static double norm(double[] vector) {
    return Math.sqrt(Arrays.stream(vector).map(x -> x * x).sum());
  }

  private RowLoss loss(Tensor student, Distribution teacher) {
    return objective().lossAndGradient(rows(student, teacher));
  }

  private static Rows rows(Tensor student, Distribution teacher) {
    return new Rows(student, Optional.of(teacher), Tensors.of(RowObjectiveContract.labels(), N));
  }

  /// The first `k` entries; a divergence with a tail does not need them to be the likeliest.
  private static TopK topK(Tensor logitsNV, int k, double temperature) {
    long[] ids = new long[N * k];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i % k;
    }
    Tensor idsNK = Tensors.of(ids, N, k);
    Tensor logProbsNV = Functions.logSoftmax(logitsNV.times(1 / temperature), -1);
    assertThat(logProbsNV.dtype()).isEqualTo(DType.FLOAT64);
    return new TopK(idsNK, logProbsNV.gather(-1, idsNK), temperature);
  }

  @Test
  void overwritingLogitsGivesTheSameForASample() {
    RowObjectiveContract.overwritingLogitsGivesTheSame(
        WideLogits.student(), WideLogits.sampled(12, objective().temperature()), objective());
  }
}
