package dev.retort.tensor;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;

/// An n-dimensional array in native memory that can take part in automatic differentiation.
///
/// Operators return new tensors; names that end in `InPlace` change this one. Memory is given back
/// when the [Scope] that a tensor was made in closes. Shapes are written as suffix letters of the
/// variables that hold tensors (`logitsNV` is `[N, V]`); the letters stand in `docs/notation.md`.
public final class Tensor implements AutoCloseable {

  private final org.bytedeco.pytorch.Tensor handle;

  Tensor(org.bytedeco.pytorch.Tensor handle) {
    this.handle = handle;
  }

  org.bytedeco.pytorch.Tensor handle() {
    return handle;
  }

  // Shape and kind.

  /// The length of every dimension.
  public long[] shape() {
    return handle.shape();
  }

  /// The length of dimension `dim`; negative dimensions count from the last.
  public long size(int dim) {
    return handle.size(dim);
  }

  /// How many dimensions there are.
  public int rank() {
    return (int) handle.dim();
  }

  /// How many elements there are.
  public long elements() {
    return handle.numel();
  }

  /// The type of the elements.
  public DType dtype() {
    return DTypes.of(handle.scalar_type());
  }

  /// Where the elements are.
  public Device device() {
    return Device.of(handle.device());
  }

  // Lifetime.

  /// Takes this tensor out of its scope: it lives until [#close].
  public Tensor keep() {
    handle.retainReference();
    return this;
  }

  /// The same tensor, as one of the current scope.
  Tensor shared() {
    return new Tensor(new org.bytedeco.pytorch.Tensor(handle));
  }

  /// Gives the native memory back, unless another tensor shares it.
  @Override
  public void close() {
    handle.close();
  }

  // Differentiation.

  /// Makes this tensor a leaf whose gradient is gathered by the backward pass.
  public Tensor requiresGrad() {
    handle.requires_grad_(true);
    return this;
  }

  /// The same values with no history: gradients stop here.
  public Tensor detach() {
    return new Tensor(handle.detach());
  }

  /// The gradient gathered so far, zeros included.
  ///
  /// @throws IllegalStateException if no backward pass has reached this tensor
  public Tensor grad() {
    org.bytedeco.pytorch.Tensor grad = handle.grad();
    if (!grad.defined()) {
      throw new IllegalStateException("no backward pass has reached this tensor");
    }
    return new Tensor(grad.is_sparse() ? grad.to_dense() : grad);
  }

  /// Whether a backward pass has reached this tensor since its gradient was last dropped.
  public boolean hasGrad() {
    return handle.grad().defined();
  }

  /// Forgets the gradient, so that the next backward pass starts from nothing.
  public void dropGrad() {
    handle.mutable_grad().reset();
  }

  /// Runs the chain rule from this scalar back to every leaf it was made from.
  public void backward() {
    handle.backward();
  }

  // Values.

  /// The only value of a one-element tensor.
  public double item() {
    if (elements() != 1) {
      throw new IllegalStateException("item() of a tensor of shape " + Arrays.toString(shape()));
    }
    return handle.item_double();
  }

  /// All values as floats, row-major.
  public float[] toFloats() {
    try (Scope _ = Scope.open()) {
      float[] values = new float[Math.toIntExact(elements())];
      handle
          .detach()
          .to(DTypes.handle(DType.FLOAT32))
          .cpu()
          .contiguous()
          .data_ptr_float()
          .get(values);
      return values;
    }
  }

  /// All values as doubles, row-major.
  public double[] toDoubles() {
    try (Scope _ = Scope.open()) {
      double[] values = new double[Math.toIntExact(elements())];
      handle
          .detach()
          .to(DTypes.handle(DType.FLOAT64))
          .cpu()
          .contiguous()
          .data_ptr_double()
          .get(values);
      return values;
    }
  }

  /// The rows of a matrix as floats.
  public float[][] toFloatRows() {
    int rows = (int) size(0);
    int width = Math.toIntExact(elements() / Math.max(1, rows));
    float[] flat = toFloats();
    float[][] result = new float[rows][];
    for (int row = 0; row < rows; row++) {
      result[row] = Arrays.copyOfRange(flat, row * width, (row + 1) * width);
    }
    return result;
  }

  /// The same values as another element type; this tensor when nothing changes.
  public Tensor to(DType type) {
    return new Tensor(handle.to(DTypes.handle(type)));
  }

  /// The same values on another device; this tensor when nothing changes.
  public Tensor to(Device device) {
    return new Tensor(handle.to(device.handle(), handle.scalar_type()));
  }

  /// A copy with memory of its own.
  public Tensor copy() {
    return new Tensor(handle.clone());
  }

  /// Overwrites these values by those of `source`, which broadcasts.
  public Tensor setInPlace(Tensor source) {
    handle.copy_(source.handle);
    return this;
  }

  // Arithmetic, element by element, with broadcasting.

  /// `this + that`.
  public Tensor plus(Tensor that) {
    return new Tensor(handle.add(that.handle));
  }

  /// `this + value`.
  public Tensor plus(double value) {
    return new Tensor(handle.add(new Scalar(value)));
  }

  /// `this + value`, in the type of this tensor.
  public Tensor plus(long value) {
    return new Tensor(handle.add(new Scalar(value)));
  }

  /// `this − that`.
  public Tensor minus(Tensor that) {
    return new Tensor(handle.sub(that.handle));
  }

  /// `this · that`, element by element.
  public Tensor times(Tensor that) {
    return new Tensor(handle.mul(that.handle));
  }

  /// `this · factor`.
  public Tensor times(double factor) {
    return new Tensor(handle.mul(new Scalar(factor)));
  }

  /// `this / that`, element by element.
  public Tensor dividedBy(Tensor that) {
    return new Tensor(handle.div(that.handle));
  }

  /// Adds `that` to this tensor's own memory.
  public Tensor addInPlace(Tensor that) {
    handle.add_(that.handle);
    return this;
  }

  /// Multiplies this tensor's own memory by `factor`.
  public Tensor timesInPlace(double factor) {
    handle.mul_(new Scalar(factor));
    return this;
  }

  /// `eˣ`.
  public Tensor exp() {
    return new Tensor(handle.exp());
  }

  /// The natural logarithm.
  public Tensor log() {
    return new Tensor(handle.log());
  }

  /// `x²`.
  public Tensor square() {
    return new Tensor(handle.square());
  }

  /// `eˣ − 1`, exact near 0.
  public Tensor expm1() {
    return new Tensor(handle.expm1());
  }

  /// The smaller of each element and `bound`.
  public Tensor atMost(double bound) {
    return new Tensor(handle.clamp_max(new Scalar(bound)));
  }

  /// The greater of each element and `bound`.
  public Tensor atLeast(double bound) {
    return new Tensor(handle.clamp_min(new Scalar(bound)));
  }

  /// The greater of each element and the whole number `bound`, in the type of this tensor.
  public Tensor atLeast(long bound) {
    return new Tensor(handle.clamp_min(new Scalar(bound)));
  }

  /// Whether each element is at most `bound`, `BOOL`.
  public Tensor isAtMost(double bound) {
    return new Tensor(handle.le(new Scalar(bound)));
  }

  /// Whether each element is at least `bound`, `BOOL`.
  public Tensor isAtLeast(double bound) {
    return new Tensor(handle.ge(new Scalar(bound)));
  }

  /// `|x|`.
  public Tensor absolute() {
    return new Tensor(handle.abs());
  }

  /// −1, 0 or 1, as the sign of each element.
  public Tensor sign() {
    return new Tensor(handle.sign());
  }

  /// `√x`.
  public Tensor squareRoot() {
    return new Tensor(handle.sqrt());
  }

  /// Where `mask` (boolean, broadcasting) is true, `value`; elsewhere this.
  public Tensor maskedFill(Tensor mask, double value) {
    return new Tensor(handle.masked_fill(mask.handle, new Scalar(value)));
  }

  // Sums.

  /// The sum of all elements, a scalar.
  public Tensor sum() {
    return new Tensor(handle.sum());
  }

  /// The sum along one dimension, which stays with length 1 if `keepDim`.
  public Tensor sum(int dim, boolean keepDim) {
    return new Tensor(
        handle.sum(new long[] {dim}, keepDim, new org.bytedeco.pytorch.ScalarTypeOptional()));
  }

  /// The mean along one dimension, which stays with length 1 if `keepDim`.
  public Tensor mean(int dim, boolean keepDim) {
    return new Tensor(
        handle.mean(new long[] {dim}, keepDim, new org.bytedeco.pytorch.ScalarTypeOptional()));
  }

  /// At each place, the sum of the elements along `dim` up to it.
  public Tensor cumulativeSum(int dim) {
    return new Tensor(handle.cumsum(dim));
  }

  /// The index of the greatest element along one dimension, `INT64`.
  public Tensor argMax(int dim) {
    return new Tensor(handle.argmax(new LongOptional(dim), false));
  }

  // Shape changes.

  /// The same elements under another shape; one length may be −1.
  public Tensor reshape(long... shape) {
    return new Tensor(handle.reshape(shape));
  }

  /// Two dimensions swapped.
  public Tensor transpose(int first, int second) {
    return new Tensor(handle.transpose(first, second));
  }

  /// A new dimension of length 1 before `dim`.
  public Tensor unsqueeze(int dim) {
    return new Tensor(handle.unsqueeze(dim));
  }

  /// The slice `index` of dimension `dim`, which disappears.
  public Tensor select(int dim, long index) {
    return new Tensor(handle.select(dim, index));
  }

  /// `length` slices of dimension `dim` from `start` on.
  public Tensor narrow(int dim, long start, long length) {
    return new Tensor(handle.narrow(dim, start, length));
  }

  /// The slices of dimension `dim` that `indices` (`INT64`, one-dimensional) names.
  public Tensor indexSelect(int dim, Tensor indices) {
    return new Tensor(handle.index_select(dim, indices.handle));
  }

  /// Overwrites the slices of the first dimension that `indices` (`INT64`, one-dimensional) names
  /// by those of `source`.
  public Tensor setRowsInPlace(Tensor indices, Tensor source) {
    handle.index_copy_(0, indices.handle, source.handle);
    return this;
  }

  /// Where the elements of this vector are not zero, ascending, `INT64`.
  public Tensor indicesOfNonZero() {
    return new Tensor(handle.nonzero().squeeze(1));
  }

  /// The slices along dimension `dim`, which disappears.
  public List<Tensor> unbind(int dim) {
    return Arrays.stream(handle.unbind(dim).get()).map(Tensor::new).toList();
  }

  /// Along dimension `dim`, the elements that `indices` (`INT64`, same rank) names.
  public Tensor gather(int dim, Tensor indices) {
    return new Tensor(handle.gather(dim, indices.handle));
  }

  /// A copy in which, along dimension `dim`, the elements that `indices` names are those of
  /// `source`.
  public Tensor scatter(int dim, Tensor indices, Tensor source) {
    return new Tensor(handle.scatter(dim, indices.handle, source.handle));
  }

  /// The matrix product over the last two dimensions, with broadcasting over the others.
  public Tensor matmul(Tensor that) {
    return new Tensor(handle.matmul(that.handle));
  }

  @Override
  public String toString() {
    return "Tensor%s of %s".formatted(Arrays.toString(shape()), dtype());
  }
}
