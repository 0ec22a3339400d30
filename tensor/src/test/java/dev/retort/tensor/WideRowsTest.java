package dev.retort.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WideRowsTest {

  private static final int ROWS = 5;

  private final Scope scope = Scope.open();

  @BeforeEach
  void seed() {
    Seed.set(3);
  }

  @AfterEach
  void free() {
    scope.close();
  }

  /// Around the size of a block, and over many blocks.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 1023, 1024, 1025, 5000})
  void softmaxIsThatOfTheOperator(int width) {
    Tensor logits = Tensors.normal(1, 4, ROWS, width);
    Tensor exact = logits.to(DType.FLOAT64).times(1 / 1.7);

    Tensor softmax = logits.copy();
    Tensor logSumExp = WideRows.softmaxInPlace(softmax, 1.7);

    assertThat(softmax.toDoubles())
        .containsExactly(Functions.softmax(exact, -1).toDoubles(), within(3e-7));
    assertThat(logSumExp.shape()).containsExactly(ROWS, 1);
    assertThat(logSumExp.toDoubles())
        .containsExactly(Functions.logSumExp(exact, -1, true).toDoubles(), within(2e-6));
  }

  /// A logit that is `-∞` marks an entry that cannot be.
  @Test
  void anExcludedEntryHasNextToNoProbability() {
    Tensor logits = Tensors.of(new float[] {100, Float.NEGATIVE_INFINITY, 100, -1e30f}, 1, 4);

    WideRows.softmaxInPlace(logits, 1);

    assertThat(logits.toFloats()).containsExactly(new float[] {0.5f, 0, 0.5f, 0}, within(1e-20f));
  }

  @Test
  void rowsAreTheSameOnAnyNumberOfThreads() {
    Tensor logits = Tensors.normal(0, 2, 7, 1500);
    Tensor here = logits.copy();
    WideRows.softmaxInPlace(here, 1);

    Tensor there = logits.copy();
    try (Workers workers = Workers.oneForEachCore()) {
      workers.call(() -> {
        try (Scope _ = Scope.open()) {
          return WideRows.softmaxInPlace(there, 1).sum().item();
        }
      });
    }

    assertThat(there.toFloats()).containsExactly(here.toFloats());
  }

  /// `D = Σ p · q`, of which nothing is known here: `q · ∂D/∂q` is `p · q`.
  @ParameterizedTest
  @ValueSource(ints = {3, 1024, 2500})
  void divergenceAndGradientAreThoseOfAutograd(int width) {
    Tensor student = Tensors.normal(0, 1, ROWS, width);
    Tensor teacher = Tensors.normal(0, 1, ROWS, width);
    Tensor leaf = student.to(DType.FLOAT64).requiresGrad();
    Tensor pNV = Functions.softmax(teacher.to(DType.FLOAT64).times(1 / 3.0), -1);
    Tensor sum = Functions.softmax(leaf.times(1 / 2.0), -1).times(pNV).sum().times(4);
    sum.backward();

    double value =
        WideRows.divergenceInPlace(
            new SoftLogits(student, 2), new SoftLogits(teacher, 3), WideRowsTest::overlap);

    assertThat(value).isCloseTo(sum.item(), within(1e-6 * sum.item()));
    double largest = leaf.grad().absolute().sum().item();
    assertThat(student.toDoubles())
        .containsExactly(leaf.grad().toDoubles(), within(1e-6 * largest));
  }

  private static void overlap(OutcomeBlock block) {
    for (int i = 0; i < OutcomeBlock.SIZE; i++) {
      block.terms()[i] = block.p()[i] * block.q()[i];
      block.weighted()[i] = block.p()[i] * block.q()[i];
    }
  }

  @Test
  void logsOfMixturesAreExactWhereTheSidesAreAlike() {
    Tensor student = Tensors.normal(0, 1, 1, 1024);
    Tensor teacher = student.copy();

    double value =
        WideRows.divergenceInPlace(
            new SoftLogits(student, 1),
            new SoftLogits(teacher, 1),
            block -> {
              float[] logM = block.logMixture(0.3);
              for (int i = 0; i < OutcomeBlock.SIZE; i++) {
                block.terms()[i] = Math.abs(logM[i] - block.logP()[i]);
                block.weighted()[i] = 0;
              }
            });

    assertThat(value / 1024).isLessThan(1e-7);
  }

  @Test
  void refusesWhatItCannotRead() {
    Tensor wide = Tensors.zeros(2, 6);

    assertThat(WideRows.canRead(wide)).isTrue();
    assertThat(WideRows.canRead(wide.to(DType.FLOAT64))).isFalse();
    assertThat(WideRows.canRead(wide.narrow(1, 0, 3))).isFalse();
    assertThatThrownBy(() -> WideRows.softmaxInPlace(wide.to(DType.BFLOAT16), 1))
        .hasMessageContaining("Tensor[2, 6] of BFLOAT16 is not a contiguous FLOAT32 matrix");
    assertThatThrownBy(() ->
            WideRows.divergenceInPlace(
                new SoftLogits(wide, 1), new SoftLogits(Tensors.zeros(2, 7), 1), block -> {}))
        .hasMessageContaining("student Tensor[2, 6] of FLOAT32 and teacher Tensor[2, 7]");
  }
}
