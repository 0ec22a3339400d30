package dev.retort.label;

import dev.retort.data.Example;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Chooses the labelled texts that every question shows.
public final class ShownExamples {

  private ShownExamples() {}

  /// `count` of the labelled `examples`, or all if there are fewer: one of each label in turn,
  /// drawn with `seed`, so that no label is shown twice before all are shown once.
  public static List<Example> of(List<Example> examples, int count, long seed) {
    List<Example> shuffled =
        new ArrayList<>(examples.stream().filter(Example::isLabelled).toList());
    Collections.shuffle(shuffled, new Random(seed));
    Map<Integer, Integer> seen = new LinkedHashMap<>();
    List<List<Example>> rounds = new ArrayList<>();
    for (Example example : shuffled) {
      int round = seen.merge(example.label(), 1, Integer::sum) - 1;
      while (rounds.size() <= round) {
        rounds.add(new ArrayList<>());
      }
      rounds.get(round).add(example);
    }
    return rounds.stream().flatMap(List::stream).limit(count).toList();
  }
}
