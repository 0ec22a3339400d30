package dev.retort.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Pairs of answers to the same prompts, of which one was preferred. A batch has two sequences for
/// each of its rows: the preferred answer, then the other.
///
/// @param answers the two answers of every pair, one pair after the other
public record PreferenceDataset(SequenceDataset answers) implements BatchSource<SequenceBatch> {

  public PreferenceDataset {
    if (answers.size() % 2 != 0) {
      throw new IllegalArgumentException("%d answers are no pairs".formatted(answers.size()));
    }
  }

  /// The pairs of two readings of the same data, but for those of which an answer has nothing left
  /// to be learnt.
  public static PreferenceDataset of(TokenizedDataset chosen, TokenizedDataset rejected) {
    List<TokenSequence> answers = new ArrayList<>();
    for (int row = 0; row < chosen.size(); row++) {
      Optional<TokenSequence> preferred = SequenceDataset.sequence(chosen, row);
      Optional<TokenSequence> other = SequenceDataset.sequence(rejected, row);
      if (preferred.isPresent() && other.isPresent()) {
        answers.add(preferred.get());
        answers.add(other.get());
      }
    }
    return new PreferenceDataset(new SequenceDataset(answers));
  }

  @Override
  public int size() {
    return answers.size() / 2;
  }

  @Override
  public int length(int row) {
    return answers.length(2 * row) + answers.length(2 * row + 1);
  }

  @Override
  public SequenceBatch batch(int... rows) {
    SequenceBatch both = answers.batch(bothOf(rows));
    return new SequenceBatch(rows, both.ids(), both.lengths(), both.positions(), both.labels());
  }

  /// A hash of both answers with their prompts.
  @Override
  public List<String> contentKeys(int... rows) {
    List<String> keys = answers.contentKeys(bothOf(rows));
    return IntStream.range(0, rows.length)
        .mapToObj(row -> keys.get(2 * row) + keys.get(2 * row + 1))
        .toList();
  }

  private static int[] bothOf(int... rows) {
    return Arrays.stream(rows).flatMap(row -> IntStream.of(2 * row, 2 * row + 1)).toArray();
  }
}
