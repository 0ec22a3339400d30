package dev.retort.augment;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;

/// Finds the greatest of many numbers.
final class Top {

  private Top() {}

  /// The indices of the `count` greatest of `scores` that are `allowed`, greatest first; of equal
  /// ones the first.
  static List<Integer> of(float[] scores, int count, IntPredicate allowed) {
    Comparator<Integer> better =
        Comparator.<Integer>comparingDouble(index -> -scores[index])
            .thenComparing(Comparator.naturalOrder());
    PriorityQueue<Integer> kept = new PriorityQueue<>(better.reversed());
    for (int i = 0; i < scores.length; i++) {
      boolean betterThan = kept.size() < count || scores[i] > scores[kept.element()];
      if (betterThan && allowed.test(i)) {
        kept.add(i);
        if (kept.size() > count) {
          kept.remove();
        }
      }
    }
    return kept.stream().sorted(better).toList();
  }
}
