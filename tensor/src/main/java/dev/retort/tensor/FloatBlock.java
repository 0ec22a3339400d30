package dev.retort.tensor;

import java.lang.foreign.MemorySegment;

/// Arithmetic on arrays of [#SIZE] floats, in loops that the JVM's compiler turns into vector
/// instructions: ten times faster than the same functions one element at a time.
///
/// The compiler does so for loops without branches in which all arrays have the same index. It does
/// not for a float's bits taken as a whole number, which is why these are copied between two
/// arrays. One thread at a time may use an instance.
final class FloatBlock {

  /// Elements of a block: few enough that a dozen blocks are in the first cache.
  static final int SIZE = 1024;

  /// The logarithm of the smallest value of [#exp]. What is below counts for nothing in a sum with
  /// 1, and from here on its products need no denormal numbers.
  static final float FLOOR = -64;

  private static final float LOG2_E = 1.442695f;
  private static final float LN_2 = 0.6931472f;

  /// Two parts of ln 2; the first has few bits, so that its products with small whole numbers are
  /// exact.
  private static final float LN_2_HIGH = 0.6933594f;

  private static final float LN_2_LOW = -0.00021219444f;

  private static final int EXPONENT_SHIFT = 23;
  private static final int EXPONENT_BIAS = 127;
  private static final int MANTISSA = (1 << EXPONENT_SHIFT) - 1;
  private static final int ROOT_OF_HALF = Float.floatToRawIntBits((float) Math.sqrt(0.5));

  private final int[] bits = new int[SIZE];
  private final float[] floats = new float[SIZE];
  private final MemorySegment bitsMemory = MemorySegment.ofArray(bits);
  private final MemorySegment floatsMemory = MemorySegment.ofArray(floats);

  /// `y = exp(factor · x + offset)` where the exponent is at most 0, and `e` to the [#FLOOR] where
  /// it is below that. Relative error below 1.5e-7.
  void exp(float[] x, float factor, float offset, float[] y) {
    exponentsAndFractions(x, factor, offset, bits, y);
    floatsMemory.copyFrom(bitsMemory);
    multiply(y, floats);
  }

  /// Exponents as `k · ln 2 + r`: the float `2ᵏ` as its bits, and `eʳ` as its Taylor-like
  /// polynomial (the coefficients are those of Moshier's Cephes library).
  private static void exponentsAndFractions(
      float[] x, float factor, float offset, int[] powerBits, float[] fraction) {
    for (int i = 0; i < SIZE; i++) {
      float bounded = Math.max(Math.fma(x[i], factor, offset), FLOOR);
      int k = (int) (bounded * LOG2_E - 0.5f);
      float r = Math.fma((float) k, -LN_2_LOW, Math.fma((float) k, -LN_2_HIGH, bounded));
      float p = Math.fma(0.00019875691f, r, 0.0013981999f);
      p = Math.fma(p, r, 0.008333452f);
      p = Math.fma(p, r, 0.041665796f);
      p = Math.fma(p, r, 0.16666666f);
      p = Math.fma(p, r, 0.5f);
      fraction[i] = Math.fma(p * r, r, r) + 1;
      powerBits[i] = (k + EXPONENT_BIAS) << EXPONENT_SHIFT;
    }
  }

  /// `y = log x` for positive normal numbers. Error below 1e-7 of the greater of 1 and the result.
  void log(float[] x, float[] y) {
    floatsMemory.copyFrom(MemorySegment.ofArray(x));
    bitsMemory.copyFrom(floatsMemory);
    exponents(bits, y);
    mantissas(bits);
    floatsMemory.copyFrom(bitsMemory);
    addLogOfMantissas(floats, y);
  }

  private static void exponents(int[] bits, float[] exponent) {
    for (int i = 0; i < SIZE; i++) {
      exponent[i] = (float) ((bits[i] - ROOT_OF_HALF) >> EXPONENT_SHIFT);
    }
  }

  /// Turns the bits of each float into those of its mantissa between `√½` and `√2`.
  private static void mantissas(int[] bits) {
    for (int i = 0; i < SIZE; i++) {
      bits[i] = ((bits[i] - ROOT_OF_HALF) & MANTISSA) + ROOT_OF_HALF;
    }
  }

  /// Replaces exponents by logarithms; the polynomial is Cephes'.
  private static void addLogOfMantissas(float[] mantissa, float[] exponentThenLog) {
    for (int i = 0; i < SIZE; i++) {
      float z = mantissa[i] - 1;
      float p = Math.fma(0.070376836f, z, -0.1151461f);
      p = Math.fma(p, z, 0.116769984f);
      p = Math.fma(p, z, -0.12420141f);
      p = Math.fma(p, z, 0.14249323f);
      p = Math.fma(p, z, -0.16668057f);
      p = Math.fma(p, z, 0.20000714f);
      p = Math.fma(p, z, -0.24999994f);
      p = Math.fma(p, z, 0.3333333f);
      float log = Math.fma(p * z, z * z, Math.fma(-0.5f, z * z, z));
      exponentThenLog[i] = Math.fma(exponentThenLog[i], LN_2, log);
    }
  }

  /// `x = x · factor + offset`.
  static void scale(float[] x, float factor, float offset) {
    for (int i = 0; i < SIZE; i++) {
      x[i] = Math.fma(x[i], factor, offset);
    }
  }

  /// `y = x · factor`.
  static void multiply(float[] x, float factor, float[] y) {
    for (int i = 0; i < SIZE; i++) {
      y[i] = x[i] * factor;
    }
  }

  /// `x = x · y`.
  static void multiply(float[] x, float[] y) {
    for (int i = 0; i < SIZE; i++) {
      x[i] *= y[i];
    }
  }

  /// `sums = sums + x`: a sum in as many lanes as a block has elements.
  static void add(float[] sums, float[] x) {
    for (int i = 0; i < SIZE; i++) {
      sums[i] += x[i];
    }
  }

  /// `maxima = max(maxima, x)`, in lanes.
  static void raise(float[] maxima, float[] x) {
    for (int i = 0; i < SIZE; i++) {
      maxima[i] = Math.max(maxima[i], x[i]);
    }
  }

  /// The sum over all lanes.
  static double sum(float[] lanes) {
    double sum = 0;
    for (float lane : lanes) {
      sum += lane;
    }
    return sum;
  }

  /// The greatest of all lanes.
  static float max(float[] lanes) {
    float max = Float.NEGATIVE_INFINITY;
    for (float lane : lanes) {
      max = Math.max(max, lane);
    }
    return max;
  }
}
