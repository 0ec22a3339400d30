package dev.retort.synthesis;

import dev.retort.tensor.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// What is drawn for one request. It depends on the seed and the request's number alone, so that
/// the first requests stay the same, and known, when more are asked for.
final class Draw {

  private final Random random;
  private final int number;

  /// @param number of the request, from 0
  Draw(long seed, int number) {
    this.random = new Random(Seed.derive(seed, number));
    this.number = number;
  }

  /// `count` different ones of `all`, or all of them if there are fewer.
  <T> List<T> some(List<T> all, int count) {
    List<T> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, random);
    return List.copyOf(shuffled.subList(0, Math.min(count, all.size())));
  }

  /// One of `all`.
  <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /// Which answer is asked for, in case that other requests draw the same.
  int sample() {
    return number;
  }
}
