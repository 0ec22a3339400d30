package dev.retort.report;

import dev.retort.eval.Bound;
import dev.retort.eval.Measured;
import dev.retort.eval.Requirement;
import dev.retort.eval.Verdict;
import java.util.Locale;

/// A small picture of one verdict: the allowed side of the limit, and the measurement's interval.
final class BarScale {

  private static final int WIDTH = 300;
  private static final int HEIGHT = 44;
  private static final int MIDDLE = 15;

  private BarScale() {}

  static void draw(Markup out, Verdict verdict, Measured measured, String id) {
    Requirement requirement = verdict.requirement();
    String metric = requirement.metric().label();
    String description =
        "required %s, measured %s"
            .formatted(Format.limit(requirement), Format.full(requirement.metric(), measured));
    Svg svg =
        Svg.open(
            out, new Svg.Caption(id, metric + " against its limit", description), WIDTH, HEIGHT);
    double[] ends = ends(requirement, measured);
    double limit = at(requirement.limit(), ends);
    boolean atLeast = requirement.bound() == Bound.AT_LEAST;
    svg.box(0, MIDDLE - 3, WIDTH, MIDDLE + 3, "track");
    svg.box(atLeast ? limit : 0, MIDDLE - 3, atLeast ? WIDTH : limit, MIDDLE + 3, "inside");
    svg.line(limit, MIDDLE - 11, limit, MIDDLE + 11, "limit");
    String anchor = limit < 50 ? "tick" : limit > WIDTH - 50 ? "tick end" : "tick middle";
    svg.text(limit, HEIGHT - 4, Format.limit(requirement), anchor);
    String style = Mark.of(verdict).name().toLowerCase(Locale.ROOT);
    double value = at(measured.value(), ends);
    svg.line(
        at(measured.low(), ends), MIDDLE, at(measured.high(), ends), MIDDLE, "interval " + style);
    svg.circle(value, MIDDLE, 5.5, "mark " + style);
    svg.close();
  }

  /// What the picture's ends stand for: from 0 for an upper limit, which is a budget; otherwise the
  /// neighbourhood of limit and measurement.
  private static double[] ends(Requirement requirement, Measured measured) {
    double limit = requirement.limit();
    double low = Math.min(limit, finite(measured.low(), limit));
    double high = Math.max(limit, finite(measured.high(), measured.value()));
    if (requirement.bound() == Bound.AT_MOST) {
      return new double[] {0, finite(high, limit) * 1.2};
    }
    double air = Math.max((high - low) * 0.35, Math.abs(limit) * 1e-3);
    return new double[] {low - air, high + air};
  }

  private static double at(double value, double[] ends) {
    double span = ends[1] > ends[0] ? ends[1] - ends[0] : 1;
    return 6 + Math.clamp((value - ends[0]) / span, 0, 1) * (WIDTH - 12);
  }

  private static double finite(double value, double otherwise) {
    return Double.isFinite(value) ? value : otherwise;
  }
}
