package dev.retort.policy;

import dev.retort.data.SequenceBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Finds out what of a text is its prompt: all before what is learnt. Where several stretches are
/// learnt, as several turns of a conversation are, chance chooses one of them.
///
/// @param firstTokens how long the prompt of a text is that has none of its own
record Prompts(Optional<Integer> firstTokens) {

  /// The prompts of the texts of `batch`, in their order.
  List<int[]> of(SequenceBatch batch, Random chance) {
    List<int[]> prompts = new ArrayList<>();
    int begin = 0;
    int next = 0;
    for (long length : batch.lengths()) {
      int end = Math.toIntExact(begin + length);
      List<Integer> starts = new ArrayList<>();
      for (; next < batch.positions().length && batch.positions()[next] < end; next++) {
        long before = batch.positions()[next];
        if (starts.isEmpty() || batch.positions()[next - 1] != before - 1) {
          starts.add(Math.toIntExact(before + 1));
        }
      }
      int from = begin;
      int to =
          firstTokens
              .map(count -> Math.min(from + count, end - 1))
              .orElseGet(() -> starts.get(chance.nextInt(starts.size())));
      prompts.add(Arrays.stream(batch.ids(), from, to).mapToInt(Math::toIntExact).toArray());
      begin = end;
    }
    return prompts;
  }
}
