package dev.retort.data;

import dev.retort.runtime.Encoding;
import dev.retort.runtime.Tokenizer;
import java.util.Arrays;
import java.util.OptionalInt;

/// Turns texts into tokens for a model that predicts the next one. A pair is a prompt and its
/// completion, of which the completion is learnt; of a text alone all of it is. Both end with the
/// token that ends texts, which is learnt as well.
///
/// Which tokens are learnt is said by [Encoding#typeIds], 1 for those that are, and follows from
/// where prompt and completion meet, never from the tokens themselves: text that looks like a
/// special token changes nothing.
///
/// @param tokenizer of the model
/// @param maxLength tokens of prompt and completion at most; more are cut off at the end
/// @param endId what ends a text, if anything does
public record CompletionEncoder(Tokenizer tokenizer, int maxLength, OptionalInt endId)
    implements TextEncoder {

  @Override
  public Encoding encode(Example example) {
    int[] text = tokenizer.encode(example.text(), Integer.MAX_VALUE).ids();
    int[] completion =
        example.pair().map(more -> tokenizer.encodeContinuation(more).ids()).orElse(new int[0]);
    int learntFrom = example.pair().isPresent() ? text.length : 1;
    int[] all = ended(joined(text, completion));
    int[] kept = Arrays.copyOf(all, Math.min(all.length, maxLength));
    int[] learnt = new int[kept.length];
    if (learntFrom < kept.length) {
      Arrays.fill(learnt, learntFrom, kept.length, 1);
    }
    return new Encoding(kept, learnt, all.length > maxLength);
  }

  private static int[] joined(int[] text, int[] completion) {
    int[] all = Arrays.copyOf(text, text.length + completion.length);
    System.arraycopy(completion, 0, all, text.length, completion.length);
    return all;
  }

  private int[] ended(int[] ids) {
    if (endId.isEmpty() || (ids.length > 0 && ids[ids.length - 1] == endId.getAsInt())) {
      return ids;
    }
    int[] ended = Arrays.copyOf(ids, ids.length + 1);
    ended[ids.length] = endId.getAsInt();
    return ended;
  }
}
