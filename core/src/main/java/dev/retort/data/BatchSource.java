package dev.retort.data;

import java.util.List;

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

  /// What answers about these examples are stored under: a hash of each one's content.
  List<String> contentKeys(int... rows);

  /// The examples as the training epoch with this number, from 0, sees them: other ones where they
  /// are changed at random.
  default BatchSource<B> inEpoch(int epoch) {
    return this;
  }
}
