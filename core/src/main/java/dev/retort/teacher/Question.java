package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.data.BatchSource;
import java.util.List;

/// What a teacher is asked about: some examples, as the student sees them.
///
/// @param <B> what a batch of them is
/// @param data where they are from
/// @param batch the examples
public record Question<B extends Batch>(BatchSource<B> data, B batch) {

  /// What the examples' answers are stored under, in the order of the batch.
  public List<String> contentKeys() {
    return data.contentKeys(batch.rows());
  }
}
