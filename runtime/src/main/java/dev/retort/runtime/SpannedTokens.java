package dev.retort.runtime;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.util.Arrays;

/// The tokens of a text, and where in it each of them is.
///
/// @param ids the token ids, in order
/// @param starts where each begins, counted as [String#charAt] counts
/// @param ends where each ends, exclusive
@SuppressWarnings("ArrayRecordComponent") // a list would box every token of a data set
public record SpannedTokens(int[] ids, int[] starts, int[] ends) {

  public SpannedTokens {
    if (starts.length != ids.length || ends.length != ids.length) {
      throw new IllegalArgumentException(
          "%d tokens have %d starts and %d ends".formatted(ids.length, starts.length, ends.length));
    }
  }

  /// The library counts code points.
  static SpannedTokens of(String text, long[] ids, CharSpan[] spans) {
    int[] offsets = new int[text.codePointCount(0, text.length()) + 1];
    int next = 0;
    for (int point = 0; point < offsets.length - 1; point++) {
      offsets[point] = next;
      next += Character.charCount(text.codePointAt(next));
    }
    offsets[offsets.length - 1] = next;
    int[] starts = new int[ids.length];
    int[] ends = new int[ids.length];
    for (int token = 0; token < ids.length; token++) {
      starts[token] = offsets[spans[token].getStart()];
      ends[token] = offsets[spans[token].getEnd()];
    }
    return new SpannedTokens(Arrays.stream(ids).mapToInt(id -> (int) id).toArray(), starts, ends);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SpannedTokens that
        && Arrays.equals(ids, that.ids)
        && Arrays.equals(starts, that.starts)
        && Arrays.equals(ends, that.ends);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids) + 31 * Arrays.hashCode(starts);
  }

  @Override
  public String toString() {
    return "SpannedTokens[%d]".formatted(ids.length);
  }
}
