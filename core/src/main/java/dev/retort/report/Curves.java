package dev.retort.report;

import dev.retort.report.LearningCurve.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.ToDoubleFunction;

/// Learning curves made fit to draw: thinned, smoothed, and turned into paths.
final class Curves {

  /// More points than this cannot be told apart in a picture.
  private static final int MOST_POINTS = 240;

  private Curves() {}

  /// The curve in at most 240 points, each the mean of as many neighbours.
  static List<Point> thinned(List<Point> points) {
    int stride = (points.size() + MOST_POINTS - 1) / MOST_POINTS;
    if (stride <= 1) {
      return points;
    }
    List<Point> thinned = new ArrayList<>();
    for (int from = 0; from < points.size(); from += stride) {
      List<Point> bucket = points.subList(from, Math.min(from + stride, points.size()));
      double mean = bucket.stream().mapToDouble(Point::value).average().orElseThrow();
      thinned.add(new Point(bucket.get(bucket.size() / 2).step(), mean));
    }
    return thinned;
  }

  /// The centred moving average over about a tenth of the curve, which lags nowhere. At the start,
  /// where losses fall fast, its window shrinks evenly; at the end it takes what is left.
  static List<Point> smoothed(List<Point> points) {
    List<Point> smoothed = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      int reach = Math.min(points.size() / 20, i);
      List<Point> window = points.subList(i - reach, Math.min(i + reach + 1, points.size()));
      double mean = window.stream().mapToDouble(Point::value).average().orElseThrow();
      smoothed.add(new Point(points.get(i).step(), mean));
    }
    return smoothed;
  }

  /// The SVG path through the points.
  static String path(List<Point> points, ToDoubleFunction<Point> x, ToDoubleFunction<Point> y) {
    StringJoiner path = new StringJoiner("L", "M", "");
    for (Point point : points) {
      path.add(Svg.number(x.applyAsDouble(point)) + " " + Svg.number(y.applyAsDouble(point)));
    }
    return path.toString();
  }
}
