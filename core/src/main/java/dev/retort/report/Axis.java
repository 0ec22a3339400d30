package dev.retort.report;

import java.util.ArrayList;
import java.util.List;

/// A scale from numbers to positions, with ticks at round numbers.
record Axis(double low, double high, boolean logarithmic, List<Double> ticks) {

  Axis {
    ticks = List.copyOf(ticks);
  }

  /// A linear axis that reaches to the ticks around `low` and `high`, with about `count` steps of
  /// 1, 2 or 5 times a power of ten.
  static Axis linear(double low, double high, int count) {
    double span = high > low ? high - low : Math.max(Math.abs(low) * 0.1, 1e-9);
    double step = niceStep(span / count);
    long first = (long) Math.floor(low / step + 1e-9);
    long last = Math.max(first + 1, (long) Math.ceil(high / step - 1e-9));
    List<Double> ticks = new ArrayList<>();
    for (long i = first; i <= last; i++) {
      ticks.add(i * step);
    }
    return new Axis(ticks.getFirst(), ticks.getLast(), false, ticks);
  }

  /// A linear axis that ends at `low` and `high` themselves, with its ticks inside.
  static Axis within(double low, double high, int count) {
    Axis outward = linear(low, high, count);
    double slack = (high - low) * 1e-9;
    List<Double> inside =
        outward.ticks.stream().filter(t -> t >= low - slack && t <= high + slack).toList();
    return inside.size() < 2 ? outward : new Axis(low, high, false, inside);
  }

  /// A logarithmic axis with some air around positive `low` and `high`, and ticks at 1, 2 and 5.
  static Axis logarithmic(double low, double high) {
    double from = low / 1.4;
    double to = high * 1.4;
    List<Double> ticks = new ArrayList<>();
    for (int power = exponent(from); power <= exponent(to); power++) {
      for (int digit : new int[] {1, 2, 5}) {
        double tick = digit * Math.pow(10, power);
        if (tick >= from && tick <= to) {
          ticks.add(tick);
        }
      }
    }
    return new Axis(from, to, true, ticks);
  }

  /// Where `value` lies between the positions of the axis's ends, never outside them.
  double at(double value, double from, double to) {
    double part =
        logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return from + Math.clamp(part, 0, 1) * (to - from);
  }

  /// A tick's number, with the decimals that the ticks need.
  String label(double tick) {
    double step = logarithmic ? tick : ticks.get(1) - ticks.get(0);
    return Format.rounded(tick, Math.max(0, -exponent(step * (1 + 1e-9))));
  }

  private static double niceStep(double rough) {
    double unit = Math.pow(10, exponent(rough));
    double digit = rough / unit;
    return unit * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  }

  private static int exponent(double value) {
    return (int) Math.floor(Math.log10(value));
  }
}
