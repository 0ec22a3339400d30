package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.data.BatchSource;
import dev.retort.model.Mix;
import java.util.List;
import java.util.Optional;

/// What a teacher is asked about: some examples, as the student sees them.
///
/// @param <B> what a batch of them is
/// @param data where they are from
/// @param batch the examples
/// @param mix which of them are mixed with which; an answer is then about the mixture
public record Question<B extends Batch>(BatchSource<B> data, B batch, Optional<Mix> mix) {

  /// A question about examples as they are.
  public Question(BatchSource<B> data, B batch) {
    this(data, batch, Optional.empty());
  }

  /// The same examples, mixed as `some` says, if it is there.
  public Question<B> mixed(Optional<Mix> some) {
    return new Question<>(data, batch, some);
  }

  /// What the examples' answers are stored under, in the order of the batch; those about a mixture
  /// are not.
  public List<String> contentKeys() {
    return data.contentKeys(batch.rows());
  }
}
