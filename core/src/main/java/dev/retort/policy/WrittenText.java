package dev.retort.policy;

import dev.retort.data.TokenSequence;
import dev.retort.model.decoder.Continuation;
import java.util.Arrays;

/// A prompt and what a student added to it.
///
/// @param ids tokens of both
/// @param first where what was added begins
/// @param ended whether it has an end; otherwise there was no room for more
@SuppressWarnings("ArrayRecordComponent") // made once and read by batches
record WrittenText(int[] ids, int first, boolean ended) {

  static WrittenText of(int[] prompt, Continuation added) {
    int[] ids = Arrays.copyOf(prompt, prompt.length + added.ids().size());
    Arrays.setAll(ids, i -> i < prompt.length ? ids[i] : added.ids().get(i - prompt.length));
    return new WrittenText(ids, prompt.length, added.ended());
  }

  int[] prompt() {
    return Arrays.copyOf(ids, first);
  }

  int[] added() {
    return Arrays.copyOfRange(ids, first, ids.length);
  }

  /// All that was added is learnt, its end among it if there is one.
  TokenSequence sequence() {
    return TokenSequence.completion(ids, first);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WrittenText that
        && Arrays.equals(ids, that.ids)
        && first == that.first
        && ended == that.ended;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return "WrittenText[%s after %s]"
        .formatted(Arrays.toString(added()), Arrays.toString(prompt()));
  }
}
