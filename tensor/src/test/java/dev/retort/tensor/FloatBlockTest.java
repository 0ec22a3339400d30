package dev.retort.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FloatBlockTest {

  private static final int SIZE = FloatBlock.SIZE;

  private final FloatBlock math = new FloatBlock();
  private final float[] result = new float[SIZE];

  @Test
  void exponentialsAreThoseOfMath() {
    float[] x = draw(FloatBlock.FLOOR, 0);
    x[0] = 0;
    x[1] = FloatBlock.FLOOR;

    math.exp(x, 1, 0, result);

    for (int i = 0; i < SIZE; i++) {
      assertThat(result[i] / Math.exp(x[i])).as("exp(%s)", x[i]).isCloseTo(1, within(1.5e-7));
    }
  }

  @Test
  void exponentialsEndAtTheFloor() {
    float[] x = draw(-1000, FloatBlock.FLOOR);
    x[0] = Float.NEGATIVE_INFINITY;

    math.exp(x, 1, 0, result);

    float[] floor = new float[SIZE];
    Arrays.fill(floor, (float) Math.exp(FloatBlock.FLOOR));
    assertThat(result).containsExactly(floor, within(1e-34f));
  }

  @Test
  void exponentsAreScaledAndShifted() {
    float[] x = draw(-5, 5);

    math.exp(x, 0.5f, -3, result);

    for (int i = 0; i < SIZE; i++) {
      assertThat(result[i] / Math.exp(0.5 * x[i] - 3)).isCloseTo(1, within(5e-7));
    }
  }

  @Test
  void exponentialsOverwriteTheirArgument() {
    float[] x = draw(-5, 0);
    math.exp(x, 1, 0, result);

    math.exp(x, 1, 0, x);

    assertThat(x).containsExactly(result);
  }

  @Test
  void notANumberIsNotHidden() {
    float[] x = new float[SIZE];
    x[3] = Float.NaN;

    math.exp(x, 1, 0, result);

    assertThat(result[3]).isNaN();
    assertThat(result[4]).isEqualTo(1);
  }

  @Test
  void logarithmsAreThoseOfMath() {
    float[] x = draw(-60, 20);
    for (int i = 0; i < SIZE; i++) {
      x[i] = (float) Math.exp(x[i]);
    }
    x[0] = 1;
    x[1] = Math.nextUp(1f);
    x[2] = Math.nextDown(1f);
    x[3] = Float.MIN_NORMAL;

    math.log(x, result);

    assertThat(result[0]).isZero();
    for (int i = 0; i < SIZE; i++) {
      double exact = Math.log(x[i]);
      assertThat((double) result[i])
          .as("log(%s)", x[i])
          .isCloseTo(exact, within(1.5e-7 * Math.abs(exact)));
    }
  }

  @Test
  void sumsAndMaximaAreTakenInLanes() {
    float[] lanes = new float[SIZE];
    float[] ones = draw(1, 1);
    FloatBlock.add(lanes, ones);
    FloatBlock.add(lanes, ones);
    assertThat(FloatBlock.sum(lanes)).isEqualTo(2.0 * SIZE);

    ones[SIZE - 1] = 7;
    FloatBlock.raise(lanes, ones);
    assertThat(FloatBlock.max(lanes)).isEqualTo(7);
  }

  private static float[] draw(double from, double to) {
    Random random = new Random(1);
    float[] values = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      values[i] = (float) (from + (to - from) * random.nextDouble());
    }
    return values;
  }
}
