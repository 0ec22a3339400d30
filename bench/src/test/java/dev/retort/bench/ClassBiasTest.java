package dev.retort.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.retort.eval.Predictions;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClassBiasTest {

  /// Rows of class 2 turn right at 1, 3 and 6, the row of class 0 wrong at 4.
  @Test
  void theBestBiasIsInTheMiddleOfTheBestStretch() {
    float[][] logits = {{0, 1, 0}, {0, 3, 0}, {6, 0, 0}, {4, 0, 0}};

    ClassBias bias = ClassBias.best(logits, new int[] {2, 2, 2, 0}, 2);

    assertThat(bias.bias()).isCloseTo(3.5, within(1e-6));
    assertThat(bias.addTo(logits)[0]).containsExactly(0, 1, 3.5f);
    assertThat(logits[0]).containsExactly(0, 1, 0);
  }

  @Test
  void noOtherBiasIsBetter() {
    Random random = new Random(1);
    float[][] logits = new float[300][4];
    int[] labels = new int[logits.length];
    for (int row = 0; row < logits.length; row++) {
      labels[row] = random.nextInt(4);
      for (int i = 0; i < 4; i++) {
        logits[row][i] = (float) random.nextGaussian() + (i == labels[row] && i != 1 ? 1 : 0);
      }
    }

    int right = right(logits, labels, ClassBias.best(logits, labels, 1));

    for (double bias = -6; bias < 6; bias += 0.01) {
      assertThat(right(logits, labels, new ClassBias(1, bias))).isLessThanOrEqualTo(right);
    }
  }

  @Test
  void equalThresholdsTurnTogether() {
    float[][] logits = {{1, 0}, {1, 0}, {1, 0}};

    ClassBias bias = ClassBias.best(logits, new int[] {1, 0, 0}, 1);

    assertThat(right(logits, new int[] {1, 0, 0}, bias)).isEqualTo(2);
  }

  private static int right(float[][] logits, int[] labels, ClassBias bias) {
    return Predictions.ofLogits(bias.addTo(logits), labels).right();
  }
}
