package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.retort.signal.Distribution;
import dev.retort.tensor.DType;
import dev.retort.tensor.Functions;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every divergence promises beyond [RowObjectiveContract], for all kinds of teacher.
interface DivergenceContract extends RowObjectiveContract {

  @Override
  DivergenceObjective objective();

  @Test
  default void isZeroWhereStudentAndTeacherAgree() {
    double[] logits = RowObjectiveContract.logits(1);
    double[] shifted = Arrays.stream(logits).map(x -> x - 2).toArray();
    RowLoss loss =
        objective()
            .lossAndGradient(
                RowObjectiveContract.rows(logits, shifted, RowObjectiveContract.labels()));

    assertThat(loss.sum().item()).isCloseTo(0, within(1e-10));
    assertThat(loss.gradientNV().absolute().sum().item()).isLessThan(1e-10);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  default void closedFormEqualsThePlainDefinitionForATopK(int k) {
    closedFormEqualsThePlainDefinition(topK(k));
  }

  @Test
  default void closedFormEqualsThePlainDefinitionForAMixture() {
    closedFormEqualsThePlainDefinition(mixture(0.3));
  }

  private void closedFormEqualsThePlainDefinition(Distribution teacher) {
    Tensor leafNV = student().requiresGrad();
    Tensor sum = objective().sum(rows(leafNV, teacher));
    sum.backward();
    RowLoss closed = objective().lossAndGradient(rows(student(), teacher));

    assertThat(sum.item()).isPositive();
    assertThat(closed.sum().item()).isCloseTo(sum.item(), within(1e-10));
    assertThat(closed.gradientNV().toDoubles())
        .containsExactly(leafNV.grad().toDoubles(), within(1e-10));
  }

  @Test
  default void overwritingLogitsGivesTheSameForATopK() {
    RowObjectiveContract.overwritingLogitsGivesTheSame(
        WideLogits.student(), WideLogits.topK(16, objective().temperature()), objective());
  }

  @Test
  default void overwritingLogitsGivesTheSameForAMixture() {
    RowObjectiveContract.overwritingLogitsGivesTheSame(
        WideLogits.student(), WideLogits.mixture(), objective());
  }

  /// A bucket of one entry is that entry.
  @Test
  default void allEntriesButOneAreTheWholeDistribution() {
    RowLoss sparse = objective().lossAndGradient(rows(student(), topK(V - 1)));
    RowLoss dense = objective().lossAndGradient(rows(student(), new Distribution.Dense(teacher())));

    assertThat(sparse.sum().item()).isCloseTo(dense.sum().item(), within(1e-9));
    assertThat(sparse.gradientNV().toDoubles())
        .containsExactly(dense.gradientNV().toDoubles(), within(1e-9));
  }

  @Test
  default void aMixtureOfOneTeacherIsThatTeacher() {
    Tensor weights = Tensors.ones(N, 1).to(DType.FLOAT64);
    RowLoss mixed =
        objective()
            .lossAndGradient(
                rows(student(), new Distribution.Mixture(List.of(teacher()), weights)));
    RowLoss dense = objective().lossAndGradient(rows(student(), new Distribution.Dense(teacher())));

    assertThat(mixed.sum().item()).isCloseTo(dense.sum().item(), within(1e-10));
    assertThat(mixed.gradientNV().toDoubles())
        .containsExactly(dense.gradientNV().toDoubles(), within(1e-10));
  }

  @Test
  default void refusesATailTakenAtAnotherTemperature() {
    Distribution other = topK(2, objective().temperature() * 2);

    assertThatThrownBy(() -> objective().sum(rows(student(), other)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(
            "temperature %s was given top-k probabilities taken at %s"
                .formatted(objective().temperature(), objective().temperature() * 2));
  }

  private Tensor student() {
    return Tensors.of(RowObjectiveContract.logits(1), N, V);
  }

  private Tensor teacher() {
    return Tensors.of(RowObjectiveContract.logits(2), N, V);
  }

  private Distribution mixture(double share) {
    Tensor first = Tensors.ones(N, 1).to(DType.FLOAT64).times(share);
    Tensor weights = Tensors.concatenate(List.of(first, first.times(-1).plus(1)), 1);
    Tensor other = Tensors.of(RowObjectiveContract.logits(3), N, V);
    return new Distribution.Mixture(List.of(teacher(), other), weights);
  }

  private Distribution topK(int k) {
    return topK(k, objective().temperature());
  }

  /// The first `k` entries; a divergence with a tail does not need them to be the likeliest.
  private Distribution topK(int k, double temperature) {
    long[] ids = new long[N * k];
    Arrays.setAll(ids, i -> i % k);
    Tensor idsNK = Tensors.of(ids, N, k);
    Tensor logProbsNV = Functions.logSoftmax(teacher().times(1 / temperature), -1);
    return new Distribution.TopK(idsNK, logProbsNV.gather(-1, idsNK), temperature);
  }

  private static Rows rows(Tensor student, Distribution teacher) {
    return new Rows(student, Optional.of(teacher), Tensors.of(RowObjectiveContract.labels(), N));
  }
}
