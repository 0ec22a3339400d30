package dev.retort.runtime;

import java.util.List;

/// A loaded model that turns encodings into vectors, usable by many threads at once.
sealed interface VectorModel extends AutoCloseable permits OnnxModel, StaticModel {

  /// The length of a vector.
  int dimensions();

  /// The vectors of a batch, `[rows][dimensions]`.
  ///
  /// @throws StudentException if the model fails or answers something that is not a number
  float[][] embed(List<Encoding> rows);

  /// Frees the native memory. Nobody may be inside [#embed] any more.
  @Override
  void close();
}
