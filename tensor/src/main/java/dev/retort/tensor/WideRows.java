package dev.retort.tensor;

import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.global.torch;

/// Functions of rows of logits over large vocabularies that read a row from memory once, where a
/// chain of operators reads and writes the whole matrix for each of them.
///
/// They use as many threads as operators do on the calling thread; results do not depend on how
/// many these are. Everything is computed in 32 bits, sums over a row in lanes and then in 64.
public final class WideRows {

  private WideRows() {}

  /// Whether `logitsNV` can be given to these functions: contiguous, `FLOAT32`, on the processor.
  public static boolean canRead(Tensor logitsNV) {
    return FloatMatrix.canView(logitsNV);
  }

  /// Overwrites logits by `softmax(logits / temperature)` and returns the `log Σ exp(logits /
  /// temperature)` of each row, `[N, 1]`.
  public static Tensor softmaxInPlace(Tensor logitsNV, double temperature) {
    FloatMatrix logits = FloatMatrix.of(logitsNV);
    float[] logSumExp = new float[logits.rows()];
    forEachRow(
        logits.rows(),
        () -> {
          SoftmaxRow softmax = new SoftmaxRow(logits, temperature, new FloatBlock());
          float[] block = new float[FloatBlock.SIZE];
          return row -> {
            softmax.moveTo(row);
            for (int from = 0; from < logits.width(); from += FloatBlock.SIZE) {
              softmax.probabilities(from, block);
              logits.write(row, from, block);
            }
            logSumExp[(int) row] = (float) softmax.logSumExp();
          };
        });
    return Tensors.of(logSumExp, logSumExp.length, 1);
  }

  /// Overwrites the student's logits by the gradient of `T² · Σ D(p, q)` with respect to them, and
  /// returns that sum. `p` and `q` are the softmax of either side's logits over its temperature,
  /// and `T` is the student's.
  ///
  /// With `h = q · ∂D/∂q` the gradient is `T · (h − q · Σh)`.
  public static double divergenceInPlace(
      SoftLogits student, SoftLogits teacher, ArrayDivergence divergence) {
    if (!Arrays.equals(student.logitsNV().shape(), teacher.logitsNV().shape())) {
      throw new IllegalArgumentException(
          "student %s and teacher %s differ in shape"
              .formatted(student.logitsNV(), teacher.logitsNV()));
    }
    DivergenceRow.Side q = DivergenceRow.Side.of(student);
    DivergenceRow.Side p = DivergenceRow.Side.of(teacher);
    double[] sums = new double[q.logits().rows()];
    forEachRow(
        sums.length,
        () -> {
          DivergenceRow compared = new DivergenceRow(q, p, divergence);
          return row -> sums[(int) row] = compared.gradientInPlace(row);
        });
    return Arrays.stream(sums).sum() * student.temperature() * student.temperature();
  }

  /// Each thread has work, and with it memory, of its own.
  private static void forEachRow(int rows, Supplier<LongConsumer> work) {
    int threads = Math.max(1, Math.min(torch.get_num_threads(), rows));
    IntStream.range(0, threads)
        .parallel()
        .forEach(thread -> {
          LongConsumer row = work.get();
          LongStream.range((long) rows * thread / threads, (long) rows * (thread + 1) / threads)
              .forEach(row);
        });
  }
}
