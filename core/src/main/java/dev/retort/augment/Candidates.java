package dev.retort.augment;

import java.util.List;
import java.util.Map;

/// Says which words could stand in the place of others.
interface Candidates extends AutoCloseable {

  /// For each of `slots` other words, likeliest first; none, if none is known.
  Map<Slot, List<String>> of(List<Slot> slots);

  @Override
  void close();
}
