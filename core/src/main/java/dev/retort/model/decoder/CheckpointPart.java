package dev.retort.model.decoder;

/// Where a checkpoint keeps a parameter: a tensor, or one of the equal parts of it.
///
/// @param name the tensor in the checkpoint
/// @param transposed whether it lies there as `[in, out]`
/// @param index which part it is, from 0, along the dimension of outputs
/// @param parts how many there are
public record CheckpointPart(String name, boolean transposed, int index, int parts) {

  /// A tensor that is the parameter.
  static CheckpointPart whole(String name) {
    return new CheckpointPart(name, false, 0, 1);
  }
}
