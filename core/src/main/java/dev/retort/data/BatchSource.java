package dev.retort.data;

import java.util.List;
import java.util.Optional;

/// Examples, ready to be computed in batches of any of them.
///
/// @param <B> what a batch of them is
public interface BatchSource<B extends Batch> {

  /// The number of examples.
  int size();

  /// What an example costs to compute, in tokens.
  int length(int row);

  /// The examples with these indices, at least one, as a batch.
  B batch(int... rows);

  /// The examples as they are in this epoch of training: the same, unless chance changes them each
  /// time they are seen.
  ///
  /// @param epoch from 0
  default BatchSource<B> epoch(int epoch) {
    return this;
  }

  /// What answers about these examples are stored under: a hash of each one's content.
  List<String> contentKeys(int... rows);

  /// What decides which teacher answers about an example, where the data say so.
  default Optional<String> route(int row) {
    return Optional.empty();
  }
}
