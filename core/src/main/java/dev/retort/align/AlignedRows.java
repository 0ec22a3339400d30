package dev.retort.align;

import java.util.Arrays;

/// Where the rows of a student's batch, tokens that are learnt, lie in its teacher's batch of the
/// same texts.
///
/// @param places which of its group's tokens a row of the student is, from 0; −1 if in no group
/// @param teacherRows the teacher's row of the first token of the group; 0 if in no group
/// @param teacherTokens how many rows of the teacher follow each other in the group
/// @param teacherLabels the token of each of the teacher's rows
@SuppressWarnings("ArrayRecordComponent") // tensors are made from these arrays
public record AlignedRows(
    int[] places, int[] teacherRows, int[] teacherTokens, int[] teacherLabels) {

  public AlignedRows {
    if (places.length != teacherRows.length || places.length != teacherTokens.length) {
      throw new IllegalArgumentException(
          "%d rows have %d rows of the teacher and %d counts of tokens"
              .formatted(places.length, teacherRows.length, teacherTokens.length));
    }
  }

  /// How many rows of the student there are.
  public int size() {
    return places.length;
  }

  /// `count` of the student's rows from `first` on; the teacher's stay all of them.
  public AlignedRows slice(long first, long count) {
    int from = Math.toIntExact(first);
    int to = Math.toIntExact(first + count);
    return new AlignedRows(
        Arrays.copyOfRange(places, from, to),
        Arrays.copyOfRange(teacherRows, from, to),
        Arrays.copyOfRange(teacherTokens, from, to),
        teacherLabels);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AlignedRows that
        && Arrays.equals(places, that.places)
        && Arrays.equals(teacherRows, that.teacherRows)
        && Arrays.equals(teacherTokens, that.teacherTokens)
        && Arrays.equals(teacherLabels, that.teacherLabels);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(places) + Arrays.hashCode(teacherRows);
  }

  @Override
  public String toString() {
    return "AlignedRows[%d rows, %d of the teacher]".formatted(size(), teacherLabels.length);
  }
}
