package dev.retort.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {

  private static final int COUNT = 1_000_003;
  private static final Optional<DropoutKeys> KEYS = Optional.of(new DropoutKeys(4));

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.1, 0.5, 0.9})
  void dropsTheShareAskedForAndKeepsTheMean(double probability) {
    float[] dropped = dropout(probability, new DropoutKeys(1)).toFloats();

    int zeros = 0;
    for (float value : dropped) {
      assertThat(value == 0 || value == (float) (1 / (1 - probability))).isTrue();
      zeros += value == 0 ? 1 : 0;
    }
    assertThat(zeros / (double) COUNT).isCloseTo(probability, within(deviations(probability, 5)));
  }

  /// Under independence, pairs at any distance are dropped together with probability p².
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16, 384, 4096, 65_536})
  void elementsAreDroppedIndependently(int distance) {
    float[] dropped = dropout(0.1, new DropoutKeys(2)).toFloats();

    int together = 0;
    for (int i = distance; i < COUNT; i++) {
      together += dropped[i] == 0 && dropped[i - distance] == 0 ? 1 : 0;
    }
    assertThat(together / (double) (COUNT - distance)).isCloseTo(0.01, within(deviations(0.01, 5)));
  }

  @Test
  void theSeedDecidesAndEveryCallDrawsAnew() {
    DropoutKeys keys = new DropoutKeys(3);
    float[] first = dropout(0.1, keys).toFloats();
    float[] second = dropout(0.1, keys).toFloats();

    assertThat(dropout(0.1, new DropoutKeys(3)).toFloats()).isEqualTo(first);
    int together = 0;
    for (int i = 0; i < COUNT; i++) {
      together += first[i] == 0 && second[i] == 0 ? 1 : 0;
    }
    assertThat(together / (double) COUNT).isCloseTo(0.01, within(deviations(0.01, 5)));
  }

  @Test
  void theGradientGoesWhereTheValueWent() {
    Tensor x = Tensors.normal(1, 0.1, 7, 11).requiresGrad();

    Tensor y = Functions.dropout(x, 0.5, KEYS);
    y.sum().backward();

    assertThat(x.grad().times(x).toFloats()).isEqualTo(y.toFloats());
    assertThat(y.toFloats()).contains(0);
  }

  @Test
  void keepsTheType() {
    Tensor half = Tensors.ones(100).to(DType.BFLOAT16);

    Tensor dropped = Functions.dropout(half, 0.5, KEYS);

    assertThat(dropped.dtype()).isEqualTo(DType.BFLOAT16);
    assertThat(dropped.toFloats()).containsOnly(0, 2);
  }

  @Test
  void doesNothingOutsideTraining() {
    Tensor x = Tensors.ones(100);

    assertThat(Functions.dropout(x, 0.5, Optional.empty())).isSameAs(x);
    assertThat(Functions.dropout(x, 0, KEYS)).isSameAs(x);
  }

  private static Tensor dropout(double probability, DropoutKeys keys) {
    return Functions.dropout(Tensors.ones(COUNT), probability, Optional.of(keys));
  }

  private static double deviations(double probability, int count) {
    return count * Math.sqrt(probability * (1 - probability) / COUNT);
  }
}
