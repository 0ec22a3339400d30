package dev.retort.chat.jinja;

import java.util.List;
import java.util.stream.LongStream;

/// What `range` gives: at most 100,000 numbers, as in jinja2's sandbox.
record Range(long start, long stop, long step) implements Value {
  private static final int MOST = 100_000;

  Range {
    if (step == 0) {
      throw Failure.evaluation("range() arg 3 must not be zero");
    }
    if (size(start, stop, step) > MOST) {
      throw Failure.evaluation(
          "Range too big. The sandbox blocks ranges larger than MAX_RANGE (%d).", MOST);
    }
  }

  List<Value> items() {
    return LongStream.range(0, (long) size(start, stop, step))
        .mapToObj(index -> Value.of(start + index * step))
        .toList();
  }

  private static double size(long start, long stop, long step) {
    return Math.max(0, Math.ceil(((double) stop - start) / step));
  }
}
