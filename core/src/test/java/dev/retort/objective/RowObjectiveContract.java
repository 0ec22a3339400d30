package dev.retort.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.catalog.Named;
import dev.retort.signal.Distribution;
import dev.retort.signal.Distribution.Dense;
import dev.retort.signal.Need;
import dev.retort.tensor.DType;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every row objective promises. A test class inherits all of it by naming its objective.
interface RowObjectiveContract {

  int N = 4;
  int V = 5;

  /// The objective under test.
  RowObjective objective();

  @Test
  default void isInTheCatalogUnderItsName() {
    String name = objective().getClass().getAnnotation(Named.class).value();

    assertThat(Objectives.CATALOG.type(name)).contains(objective().getClass());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  default void gradientMatchesFiniteDifferences(long seed) {
    double[] student = logits(seed);
    double[] gradient =
        objective().lossAndGradient(rows(student, seed + 100)).gradientNV().toDoubles();
    double h = 1e-5;
    for (int i = 0; i < student.length; i++) {
      double[] up = student.clone();
      up[i] += h;
      double[] down = student.clone();
      down[i] -= h;
      double numeric = (value(rows(up, seed + 100)) - value(rows(down, seed + 100))) / (2 * h);
      assertThat(gradient[i]).as("d/dlogit[%d]", i).isCloseTo(numeric, within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  default void closedFormEqualsThePlainDefinition(long seed) {
    Rows rows = rows(logits(seed), seed + 100);
    Tensor leafNV = rows.logitsNV().requiresGrad();
    Tensor sum = objective().sum(rows.withLogits(leafNV));
    sum.backward();

    RowLoss closed = objective().lossAndGradient(rows);

    assertThat(closed.sum().item()).isCloseTo(sum.item(), within(1e-10));
    assertThat(closed.gradientNV().toDoubles())
        .containsExactly(leafNV.grad().toDoubles(), within(1e-10));
  }

  @Test
  default void overwritingLogitsGivesTheSame() {
    overwritingLogitsGivesTheSame(
        WideLogits.student(), new Dense(WideLogits.teacher()), objective());
  }

  /// In 32 bits, over rows wider than a block, against the plain definition in 64 bits.
  static void overwritingLogitsGivesTheSame(
      Tensor studentNV, Distribution teacher, RowObjective objective) {
    Tensor labelsN = Tensors.of(labels(), N);
    Tensor leafNV = studentNV.copy().requiresGrad();
    Tensor sum = objective.sum(new Rows(leafNV, Optional.of(teacher), labelsN));
    sum.backward();

    Optional<Distribution> single = Optional.of(WideLogits.inSinglePrecision(teacher));
    RowLoss loss =
        objective.lossAndGradientInPlace(new Rows(studentNV.to(DType.FLOAT32), single, labelsN));

    double value = sum.item();
    assertThat(loss.sum().item()).isCloseTo(value, within(1e-5 * Math.max(1, value)));
    assertThat(WideLogits.relativeError(loss.gradientNV(), leafNV.grad())).isLessThan(1e-5);
  }

  @Test
  default void addsUpOverMicroBatches() {
    double[] student = logits(1);
    double[] teacher = logits(2);
    double whole = value(rows(student, teacher, labels()));
    double parts = 0;
    for (int row = 0; row < N; row++) {
      parts +=
          value(
              rows(
                  Arrays.copyOfRange(student, row * V, (row + 1) * V),
                  Arrays.copyOfRange(teacher, row * V, (row + 1) * V),
                  new long[] {labels()[row]}));
    }
    assertThat(parts).isCloseTo(whole, within(1e-10));
  }

  @Test
  default void ignoresAConstantAddedToTheLogits() {
    double[] shifted = Arrays.stream(logits(1)).map(x -> x + 3).toArray();

    assertThat(value(rows(shifted, 2))).isCloseTo(value(rows(logits(1), 2)), within(1e-10));
  }

  @Test
  default void gradientOfEveryRowSumsToZero() {
    double[] gradient = objective().lossAndGradient(rows(logits(1), 2)).gradientNV().toDoubles();
    for (int row = 0; row < N; row++) {
      assertThat(Arrays.stream(gradient, row * V, (row + 1) * V).sum()).isCloseTo(0, within(1e-10));
    }
  }

  @Test
  default void asksForEverythingItReads() {
    Optional<Distribution> onlyWhatIsAskedFor =
        objective().needs().contains(Need.DISTRIBUTION)
            ? Optional.of(new Dense(Tensors.of(logits(2), N, V)))
            : Optional.empty();
    Rows rows = new Rows(Tensors.of(logits(1), N, V), onlyWhatIsAskedFor, Tensors.of(labels(), N));

    assertThat(value(rows)).isFinite();
  }

  @Test
  default void staysFiniteOnExtremeLogits() {
    double[] extreme = logits(1);
    extreme[0] = 500;
    extreme[V] = -500;
    double[] teacher = logits(2);
    teacher[1] = 800;
    RowLoss loss = objective().lossAndGradient(rows(extreme, teacher, labels()));

    assertThat(loss.sum().item()).isFinite();
    assertThat(loss.gradientNV().toDoubles()).doesNotContain(Double.NaN);
  }

  /// The loss by its plain definition.
  default double value(Rows rows) {
    return objective().sum(rows).item();
  }

  static Rows rows(double[] student, long teacherSeed) {
    return rows(student, logits(teacherSeed), labels());
  }

  static Rows rows(double[] student, double[] teacher, long[] labels) {
    long rows = student.length / V;
    return new Rows(
        Tensors.of(student, rows, V),
        Optional.of(new Dense(Tensors.of(teacher, rows, V))),
        Tensors.of(labels, rows));
  }

  static long[] labels() {
    return new long[] {0, 3, 4, 1};
  }

  static double[] logits(long seed) {
    return new Random(seed).doubles(N * V, -2, 2).toArray();
  }
}
