package dev.retort.chat.jinja;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Python's `start:stop:step`.
record Slice(OptionalInt start, OptionalInt stop, int step) {

  /// @throws Failure if a bound is neither an integer nor `None`, or the step is 0
  static Slice of(Value start, Value stop, Value step) {
    int by = bound(step).orElse(1);
    if (by == 0) {
      throw Failure.evaluation("slice step cannot be zero");
    }
    return new Slice(bound(start), bound(stop), by);
  }

  <T> List<T> of(List<T> items) {
    return indices(items.size()).mapToObj(items::get).toList();
  }

  String of(String text) {
    int[] points = text.codePoints().toArray();
    int[] chosen = indices(points.length).map(index -> points[index]).toArray();
    return new String(chosen, 0, chosen.length);
  }

  private IntStream indices(int length) {
    int lowest = step > 0 ? 0 : -1;
    int highest = step > 0 ? length : length - 1;
    int from = clip(start, length, step > 0 ? lowest : highest, lowest, highest);
    int to = clip(stop, length, step > 0 ? highest : lowest, lowest, highest);
    long count = Math.max(0, (to - (long) from + step - Integer.signum(step)) / step);
    return IntStream.range(0, (int) count).map(index -> from + index * step);
  }

  private static int clip(OptionalInt bound, int length, int fallback, int lowest, int highest) {
    if (bound.isEmpty()) {
      return fallback;
    }
    long place = bound.getAsInt();
    return Math.clamp(place < 0 ? place + length : place, lowest, highest);
  }

  private static OptionalInt bound(Value value) {
    if (value == Value.None.NONE) {
      return OptionalInt.empty();
    }
    if (value instanceof Value.Int || value instanceof Value.Bool) {
      return OptionalInt.of(Numbers.index(value));
    }
    throw Failure.evaluation("slice indices must be integers or None or have an __index__ method");
  }
}
