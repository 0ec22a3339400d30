package dev.retort.train;

import dev.retort.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.LongStream;

/// Tensors dealt out to workers, each of which treats its own.
final class Shares {

  private Shares() {}

  /// `tensors` in `count` shares of about equally many numbers. What happens to a tensor must not
  /// depend on the share it is in.
  ///
  /// @param tables names of those of which a step touches a few rows only, which weigh nothing
  static List<SequencedMap<String, Tensor>> of(
      SequencedMap<String, Tensor> tensors, Set<String> tables, int count) {
    List<SequencedMap<String, Tensor>> shares = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shares.add(new LinkedHashMap<>());
    }
    long[] weights = new long[count];
    tensors.entrySet().stream()
        .sorted(
            Comparator.comparingLong(entry -> -weight(entry.getKey(), entry.getValue(), tables)))
        .forEach(entry -> {
          int lightest = lightest(weights);
          weights[lightest] += weight(entry.getKey(), entry.getValue(), tables);
          shares.get(lightest).put(entry.getKey(), entry.getValue());
        });
    return shares;
  }

  private static long weight(String name, Tensor tensor, Set<String> tables) {
    return tables.contains(name) ? 0 : tensor.elements();
  }

  private static int lightest(long[] weights) {
    long least = LongStream.of(weights).min().orElseThrow();
    int index = 0;
    while (weights[index] != least) {
      index++;
    }
    return index;
  }
}
