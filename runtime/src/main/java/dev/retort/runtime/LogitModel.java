package dev.retort.runtime;

import java.util.List;

/// A loaded model that turns encodings into logits, usable by many threads at once.
sealed interface LogitModel extends AutoCloseable permits OnnxModel, StaticModel {

  /// The logits of a batch, `[rows][labels]`.
  ///
  /// @throws StudentException if the model fails or answers something that is not a number
  float[][] logits(List<Encoding> rows);

  /// Frees the native memory. Nobody may be inside [#logits] any more.
  @Override
  void close();
}
