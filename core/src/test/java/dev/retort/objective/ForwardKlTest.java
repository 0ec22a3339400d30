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
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ForwardKlTest implements RowObjectiveContract {

  @Override
  public RowObjective objective() {
    return new ForwardKl(2);
  }

  @Nested
  class AtTemperatureOne implements RowObjectiveContract {
    @Override
    public RowObjective objective() {
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

  @Test
  void topKGradientEqualsThatOfThePlainDefinition() {
    Tensor student = Tensors.of(RowObjectiveContract.logits(1), N, V).requiresGrad();
    Tensor teacher = Tensors.of(RowObjectiveContract.logits(2), N, V);
    Rows rows = rows(student, topK(teacher, 2, 2));
    objective().sum(rows).backward();

    assertThat(objective().lossAndGradient(rows).gradientNV().toDoubles())
        .containsExactly(student.grad().toDoubles(), within(1e-10));
  }

  @Test
  void refusesATailTakenAtAnotherTemperature() {
    Tensor logits = Tensors.of(RowObjectiveContract.logits(1), N, V);

    assertThatThrownBy(() -> loss(logits, topK(logits, 2, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("temperature 2.0 was given top-k probabilities taken at 1.0");
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
}
