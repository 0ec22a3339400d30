package dev.retort.tensor;

/// The gradient of a parameter in the form in which the backward pass left it.
sealed interface Gradient {

  /// One number for each of the parameter's.
  ///
  /// @param values shaped as the parameter
  record Dense(Tensor values) implements Gradient {}

  /// The gradient of a table of which some rows were looked up; that of the others is zero.
  ///
  /// @param indices the rows, each once and ascending, `INT64` `[R]`
  /// @param values their gradients, `[R, D]`
  record OfRows(Tensor indices, Tensor values) implements Gradient {}

  /// The gradient of `parameter`, which must have one. It shares the memory of the parameter's.
  static Gradient of(Tensor parameter) {
    org.bytedeco.pytorch.Tensor gradient = parameter.handle().grad();
    if (!gradient.is_sparse()) {
      return new Dense(new Tensor(gradient));
    }
    if (!gradient.is_coalesced()) {
      parameter.handle().mutable_grad().put(gradient.coalesce());
    }
    org.bytedeco.pytorch.Tensor coalesced = parameter.handle().grad();
    return new OfRows(new Tensor(coalesced._indices().squeeze(0)), new Tensor(coalesced._values()));
  }

  /// All numbers that are not zero for certain.
  Tensor values();
}
