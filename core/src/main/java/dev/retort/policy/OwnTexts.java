package dev.retort.policy;

import dev.retort.data.BatchSource;
import dev.retort.data.SequenceBatch;
import dev.retort.data.SequenceDataset;
import java.util.List;

/// Texts that a student wrote. What follows a token there is no truth: every label is unknown, so
/// that losses on labels count nothing, and those that hear a teacher count all.
///
/// @param texts the texts
record OwnTexts(SequenceDataset texts) implements BatchSource<SequenceBatch> {

  @Override
  public int size() {
    return texts.size();
  }

  @Override
  public int length(int row) {
    return texts.length(row);
  }

  @Override
  public SequenceBatch batch(int... rows) {
    return texts.batch(rows).unlabelled();
  }

  @Override
  public List<String> contentKeys(int... rows) {
    return texts.contentKeys(rows);
  }
}
