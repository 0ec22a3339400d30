package dev.retort.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Makes tensors from Java data, from nothing, and from other tensors.
public final class Tensors {

  private Tensors() {}

  /// A `FLOAT32` tensor holding a copy of `values`, row-major.
  public static Tensor of(float[] values, long... shape) {
    requireElements(values.length, shape);
    return new Tensor(org.bytedeco.pytorch.Tensor.create(values, shape));
  }

  /// A `FLOAT64` tensor holding a copy of `values`, row-major.
  public static Tensor of(double[] values, long... shape) {
    requireElements(values.length, shape);
    return new Tensor(org.bytedeco.pytorch.Tensor.create(values, shape));
  }

  /// An `INT64` tensor holding a copy of `values`, row-major.
  public static Tensor of(long[] values, long... shape) {
    requireElements(values.length, shape);
    return new Tensor(org.bytedeco.pytorch.Tensor.create(values, shape));
  }

  /// A `FLOAT32` matrix holding a copy of `rows`, all of one length.
  public static Tensor of(float[][] rows) {
    int width = rows.length == 0 ? 0 : rows[0].length;
    float[] flat = new float[rows.length * width];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, flat, row * width, width);
    }
    return of(flat, rows.length, width);
  }

  /// A scalar of type `FLOAT32`.
  public static Tensor scalar(double value) {
    return of(new float[] {(float) value}).reshape();
  }

  /// A copy of a tensor read from a file.
  public static Tensor of(RawTensor raw) {
    long[] shape = raw.shape().stream().mapToLong(Long::longValue).toArray();
    org.bytedeco.pytorch.Tensor handle =
        torch.empty(
            shape,
            new TensorOptions(DTypes.handle(raw.dtype())),
            new org.bytedeco.pytorch.MemoryFormatOptional());
    memory(handle).copyFrom(raw.bytes());
    return new Tensor(handle);
  }

  /// The bytes of `tensor`, copied to Java's heap, in the form that files are written from.
  public static RawTensor raw(Tensor tensor) {
    try (Scope _ = Scope.open()) {
      org.bytedeco.pytorch.Tensor handle = tensor.handle().detach().cpu().contiguous();
      byte[] bytes = new byte[Math.toIntExact(handle.nbytes())];
      MemorySegment copy = MemorySegment.ofArray(bytes).copyFrom(memory(handle));
      return new RawTensor(tensor.dtype(), Arrays.stream(tensor.shape()).boxed().toList(), copy);
    }
  }

  /// The bytes of a contiguous `tensor` on the processor, not copied: they change with it, and must
  /// not be touched after it is freed.
  public static RawTensor view(Tensor tensor) {
    if (!tensor.handle().is_contiguous() || !tensor.device().equals(Device.CPU)) {
      return raw(tensor);
    }
    return new RawTensor(
        tensor.dtype(), Arrays.stream(tensor.shape()).boxed().toList(), memory(tensor.handle()));
  }

  /// Zeros of type `FLOAT32`.
  public static Tensor zeros(long... shape) {
    return new Tensor(torch.zeros(shape));
  }

  /// Zeros with the shape, type and device of `like`.
  public static Tensor zerosLike(Tensor like) {
    return new Tensor(torch.zeros_like(like.handle()));
  }

  /// Ones with the shape, type and device of `like`.
  public static Tensor onesLike(Tensor like) {
    return new Tensor(torch.ones_like(like.handle()));
  }

  /// The same tensors over the same memory, which gather gradients of their own and live until they
  /// are closed.
  public static SequencedMap<String, Tensor> twins(SequencedMap<String, Tensor> tensors) {
    SequencedMap<String, Tensor> twins = new LinkedHashMap<>();
    try (Scope _ = Scope.open()) {
      tensors.forEach((name, tensor) -> twins.put(name, tensor.detach().keep().requiresGrad()));
    }
    return twins;
  }

  /// Ones of type `FLOAT32`.
  public static Tensor ones(long... shape) {
    return new Tensor(torch.ones(shape));
  }

  /// `FLOAT32` values drawn from a normal distribution by the generator that [Seed] sets.
  public static Tensor normal(double mean, double deviation, long... shape) {
    return new Tensor(torch.randn(shape)).timesInPlace(deviation).plus(mean);
  }

  /// `0, 1, …, n − 1` as `INT64`.
  public static Tensor range(long n) {
    long[] values = new long[Math.toIntExact(n)];
    Arrays.setAll(values, i -> i);
    return of(values, n);
  }

  /// Tensors joined along dimension `dim`.
  public static Tensor concatenate(List<Tensor> parts, int dim) {
    return new Tensor(torch.cat(vector(parts), dim));
  }

  static TensorVector vector(List<Tensor> tensors) {
    return new TensorVector(
        tensors.stream().map(Tensor::handle).toArray(org.bytedeco.pytorch.Tensor[]::new));
  }

  /// The native memory of a contiguous tensor on the processor, valid while the tensor lives.
  @SuppressWarnings("restricted") // the segment is as long as the tensor and never leaves here
  static MemorySegment memory(org.bytedeco.pytorch.Tensor handle) {
    return MemorySegment.ofAddress(handle.data_ptr().address()).reinterpret(handle.nbytes());
  }

  private static void requireElements(int count, long[] shape) {
    long expected = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    if (count != expected) {
      throw new IllegalArgumentException(
          "%d values cannot be shaped %s".formatted(count, Arrays.toString(shape)));
    }
  }
}
