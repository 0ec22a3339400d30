package dev.retort.model.table;

import dev.retort.data.BatchSource;
import dev.retort.data.TextBatch;
import java.util.Arrays;
import java.util.List;

/// Texts of one token each, framed as a teacher is used to: `[CLS] token [SEP]`.
///
/// @param ids the token of each text
/// @param begin the token before
/// @param end the token behind
@SuppressWarnings("ArrayRecordComponent") // a vocabulary's worth of numbers, not changed
record SingleTokens(int[] ids, int begin, int end) implements BatchSource<TextBatch> {

  private static final int LENGTH = 3;

  @Override
  public int size() {
    return ids.length;
  }

  @Override
  public int length(int row) {
    return LENGTH;
  }

  @Override
  public TextBatch batch(int... rows) {
    long[] framed = new long[LENGTH * rows.length];
    for (int i = 0; i < rows.length; i++) {
      framed[LENGTH * i] = begin;
      framed[LENGTH * i + 1] = ids[rows[i]];
      framed[LENGTH * i + 2] = end;
    }
    long[] mask = new long[framed.length];
    Arrays.fill(mask, 1);
    int[] unlabelled = new int[rows.length];
    Arrays.fill(unlabelled, -1);
    return new TextBatch(rows, LENGTH, framed, new long[framed.length], mask, unlabelled);
  }

  @Override
  public List<String> contentKeys(int... rows) {
    return Arrays.stream(rows).mapToObj(row -> String.valueOf(ids[row])).toList();
  }
}
