package dev.retort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Int8MatrixTest {

  @Test
  void everyValueIsWithinHalfAScaleOfTheOriginal() {
    Random random = new Random(1);
    int columns = 50;
    float[] matrix = new float[40 * columns];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = (float) (random.nextGaussian() * Math.pow(10, i / columns % 9 - 4));
    }

    Int8Matrix quantized = Int8Matrix.quantize(matrix, columns);

    float[] restored = quantized.dequantize();
    for (int i = 0; i < matrix.length; i++) {
      float scale = quantized.scales()[i / columns];
      assertThat(Math.abs(restored[i] - matrix[i])).isLessThanOrEqualTo(0.500001f * scale);
    }
  }

  @Test
  void theLargestValueOfARowIsExactlyTheLargestInteger() {
    Int8Matrix quantized = Int8Matrix.quantize(new float[] {-2.54f, 0, 1.27f, 0.5f, -0.25f, 0}, 3);

    assertThat(quantized.values()).containsExactly(-127, 0, 64, 127, -64, 0);
    assertThat(quantized.scales()).containsExactly(2.54f / 127, 0.5f / 127);
  }

  @Test
  void rowsOfZerosStayZeros() {
    Int8Matrix quantized = Int8Matrix.quantize(new float[] {0, 0, -0f, 3}, 2);

    assertThat(quantized.scales()[0]).isZero();
    assertThat(quantized.dequantize()).containsExactly(0, 0, 0, 3);
  }

  @Test
  void extremeValuesNeitherOverflowNorVanish() {
    float huge = 3e38f;
    Int8Matrix quantized =
        Int8Matrix.quantize(new float[] {huge, -huge, 1e-30f, -5e-31f, Float.MIN_VALUE, 0}, 2);

    assertThat(quantized.values()).containsExactly(127, -127, 127, -64, 0, 0);
    assertThat(quantized.dequantize()[2]).isCloseTo(1e-30f, withPercentage(1e-4));
    for (float value : quantized.dequantize()) {
      assertThat(value).isFinite();
    }
  }

  @Test
  void transposingSwapsRowsAndColumns() {
    Int8Matrix quantized = Int8Matrix.quantize(new float[] {127, 2, 3, 4, 5, 127}, 3);

    assertThat(quantized.values()).containsExactly(127, 2, 3, 4, 5, 127);
    assertThat(quantized.transposed()).containsExactly(127, 4, 2, 5, 3, 127);
  }

  @Test
  void brokenWeightsAreNamed() {
    assertThatThrownBy(() -> Int8Matrix.quantize(new float[] {1, 2, 3, Float.NaN}, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("row 1, column 1 is NaN");
    assertThatThrownBy(() -> Int8Matrix.quantize(new float[] {Float.NEGATIVE_INFINITY}, 1))
        .hasMessage("row 0, column 0 is -Infinity");
  }
}
