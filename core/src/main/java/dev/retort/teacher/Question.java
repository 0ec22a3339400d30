package dev.retort.teacher;

import dev.retort.data.Batch;
import dev.retort.data.Example;
import dev.retort.data.TokenizedDataset;
import java.util.Arrays;
import java.util.List;

/// What a teacher is asked about: some rows of a dataset, as texts and as the student's tokens.
///
/// @param data the dataset
/// @param batch the rows
public record Question(TokenizedDataset data, Batch batch) {

  /// The texts, in the order of the batch.
  public List<Example> examples() {
    return Arrays.stream(batch.rows()).mapToObj(data.dataset().examples()::get).toList();
  }

  /// What the texts' answers are stored under, in the order of the batch.
  public List<String> contentKeys() {
    return examples().stream().map(Example::contentKey).toList();
  }
}
