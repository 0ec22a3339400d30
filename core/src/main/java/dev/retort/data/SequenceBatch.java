package dev.retort.data;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// Sequences of tokens for a model that predicts the next one, one sequence after the other and
/// without padding.
///
/// @param rows `[B]` indices of the examples in their dataset
/// @param ids `[N]` all tokens
/// @param lengths `[S]` tokens of each sequence: one of each example, or the two of a pair
/// @param positions `[R]` the tokens after which a token is to be predicted, as indices into `ids`
/// @param labels `[R]` the tokens that follow
/// @param targets `[S]` what the tokens that follow say, for each sequence
@SuppressWarnings("ArrayRecordComponent") // tensors are made from these arrays as they are
public record SequenceBatch(
    int[] rows, long[] ids, long[] lengths, long[] positions, int[] labels, List<Target> targets)
    implements Batch {

  public SequenceBatch {
    targets = List.copyOf(targets);
    if (positions.length != labels.length) {
      throw new IllegalArgumentException(
          "%d positions have %d labels".formatted(positions.length, labels.length));
    }
    if (lengths.length % Math.max(1, rows.length) != 0
        || Arrays.stream(lengths).sum() != ids.length) {
      throw new IllegalArgumentException(
          "%d tokens of %d examples are not sequences of lengths %s"
              .formatted(ids.length, rows.length, Arrays.toString(lengths)));
    }
    if (targets.size() != lengths.length) {
      throw new IllegalArgumentException(
          "%d sequences have %d targets".formatted(lengths.length, targets.size()));
    }
  }

  /// Sequences that are learnt as they are, or with their answers.
  public SequenceBatch(int[] rows, long[] ids, long[] lengths, long[] positions, int[] labels) {
    this(rows, ids, lengths, positions, labels, Collections.nCopies(lengths.length, Target.LABEL));
  }

  /// The tokens to be predicted that say `target`, as indices into `labels`, ascending.
  public long[] saying(Target target) {
    long[] owners = owners();
    return IntStream.range(0, owners.length)
        .filter(row -> targets.get(Math.toIntExact(owners[row])) == target)
        .asLongStream()
        .toArray();
  }

  /// `[R]` the sequence that each token to be predicted is in.
  public long[] owners() {
    long[] owners = new long[positions.length];
    long end = lengths.length == 0 ? 0 : lengths[0];
    int sequence = 0;
    for (int i = 0; i < positions.length; i++) {
      while (positions[i] >= end) {
        end += lengths[++sequence];
      }
      owners[i] = sequence;
    }
    return owners;
  }

  /// The tokens to be predicted of each example.
  @Override
  public int[] decisions() {
    int[] counts = new int[rows.length];
    int sequences = lengths.length / Math.max(1, rows.length);
    for (long owner : owners()) {
      counts[Math.toIntExact(owner / sequences)]++;
    }
    return counts;
  }

  /// The same tokens, of which nobody says what follows: −1 for every label.
  public SequenceBatch unlabelled() {
    int[] unknown = new int[labels.length];
    Arrays.fill(unknown, -1);
    return new SequenceBatch(rows, ids, lengths, positions, unknown, targets);
  }

  /// `[S]` for each sequence the sum of what its tokens to be predicted have in `ofRows`, `[R]`.
  public double[] addedUp(double... ofRows) {
    double[] sums = new double[lengths.length];
    long[] owners = owners();
    for (int row = 0; row < ofRows.length; row++) {
      sums[Math.toIntExact(owners[row])] += ofRows[row];
    }
    return sums;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SequenceBatch that
        && Arrays.equals(rows, that.rows)
        && Arrays.equals(ids, that.ids)
        && Arrays.equals(lengths, that.lengths)
        && Arrays.equals(positions, that.positions)
        && Arrays.equals(labels, that.labels)
        && targets.equals(that.targets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids) + 31 * Arrays.hashCode(positions);
  }

  @Override
  public String toString() {
    return "SequenceBatch[%d sequences, %d tokens, %d to predict]"
        .formatted(rows.length, ids.length, labels.length);
  }
}
