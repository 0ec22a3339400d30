package dev.retort.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Which inputs run together: neighbours in length, so that little of a batch is padding.
final class BatchPlan {
  private BatchPlan() {}

  /// Groups the indices of `lengths`, longest inputs first.
  ///
  /// A group's padded size, its rows times its longest row, is at most `maxTokens`, except that a
  /// single input always makes a group. Running the largest group first lets the memory arena of
  /// the model grow once instead of step by step.
  static List<int[]> of(int[] lengths, int maxTokens) {
    int[] order = longestFirst(lengths);
    List<int[]> groups = new ArrayList<>();
    for (int from = 0; from < order.length; ) {
      int longest = Math.max(1, lengths[order[from]]);
      int rows = Math.max(1, maxTokens / longest);
      int to = (int) Math.min(order.length, (long) from + rows);
      groups.add(Arrays.copyOfRange(order, from, to));
      from = to;
    }
    return groups;
  }

  private static int[] longestFirst(int[] lengths) {
    long[] keys = new long[lengths.length];
    for (int index = 0; index < keys.length; index++) {
      keys[index] = ((long) -lengths[index] << Integer.SIZE) | index;
    }
    Arrays.sort(keys);
    return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
  }
}
